// What the tests of all pages need: a program that serves one, a browser, and patience.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

/** Starts a program that serves a page, and gives it with the first line that it prints. */
export async function serve(program, folder) {
  const server = spawn(program, [folder], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(server.stdout), "line");
  return { line, stop: () => server.kill() };
}

/** Starts the browser, without what it would ask of servers elsewhere. */
export function launch() {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet] });
}

/** Waits until something holds, and gives it. */
export async function until(holds) {
  for (;;) {
    const found = await holds();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
