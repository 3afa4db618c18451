// The chat page on the hooks for Dioxus, as a person uses it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serve, until } from "./drive.mjs";

let server, browser, url;

before(async () => {
  server = await serve(process.env.CHAT_SERVER, process.env.CHAT_PAGE);
  url = server.line.match(/http:\S+/)[0];
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.stop();
});

/** A test on a page of its own. A page that throws, or complains, fails it. */
function on_page(name, body) {
  test(name, { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 820, height: 640 } });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const thrown = [];
    page.on("pageerror", (error) => thrown.push(error));
    page.on("console", (message) => message.text().includes("panicked") && thrown.push(message.text()));
    await page.goto(url);
    await page.getByRole("button", { name: "Say hello" }).waitFor();
    await body(page);
    assert.deepEqual(thrown, []);
    await context.close();
  });
}

const answers = (page) => page.locator(".assistant p");
const send = async (page, question) => {
  await page.getByLabel("Message").fill(question);
  await page.keyboard.press("Enter");
};

on_page("what is typed is answered, and the text grows", async (page) => {
  await send(page, "Do you stream in a browser? I would like to see it word by word.");
  const texts = [];
  await until(async () => {
    const [text] = await answers(page).allTextContents();
    if (text && text !== texts.at(-1)) texts.push(text);
    if (texts.length === 8) await page.screenshot({ path: "dioxus-streaming.png" });
    return (await page.locator(".outcome").count()) === 1;
  });
  assert.ok(texts.length > 8, `${texts.length} different texts`);
  assert.ok(texts.every((text) => texts.at(-1).startsWith(text)));
  assert.match(await page.locator(".outcome").textContent(), /tokens/);
  assert.equal(await page.getByLabel("Message").inputValue(), "");
});

for (const [how, stop] of [
  ["the button", (page) => page.getByRole("button", { name: "Stop" }).click()],
  ["the keyboard", (page) => page.keyboard.press("Escape")],
]) {
  on_page(`an answer stops by ${how}, and its request ends`, async (page) => {
    const ended = page.waitForEvent("requestfailed");
    await send(page, "Tell me something long ".repeat(20));
    await until(async () => (await answers(page).textContent()).length > 20);
    await stop(page);
    assert.equal((await ended).failure().errorText, "net::ERR_ABORTED");
    await page.getByText("stopped").waitFor();
    const text = await answers(page).textContent();
    // What was said stays, and the next question is answered.
    await send(page, "Say hello");
    await page.getByText(/tokens/).waitFor();
    assert.equal(await answers(page).first().textContent(), text);
    assert.equal(await answers(page).count(), 2);
  });
}

on_page("an error is shown, and trying again helps", async (page) => {
  await page.getByRole("button", { name: "Show me an error" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /503 Service Unavailable: The model is busy/);
  await page.screenshot({ path: "dioxus-error.png" });
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByText(/tokens/).waitFor();
  assert.equal(await alert.count(), 0);
});

on_page("an answer that is cut goes on by itself", async (page) => {
  await page.getByRole("button", { name: "Cut the line" }).click();
  await page.getByText("resumed after a cut").waitFor();
  await page.screenshot({ path: "dioxus-resumed.png" });
  const text = await answers(page).textContent();
  assert.ok(text.includes("Cut the line"), text);
});
