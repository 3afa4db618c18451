// What the client promises in a web page, seen in a browser and by the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serve, until } from "./drive.mjs";

const ALL = "one two three four five six seven eight";
let server, urls, browser;

before(async () => {
  server = await serve(process.env.SERVER, process.env.PAGE);
  urls = JSON.parse(server.line);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.stop();
});

/** A test on a page of its own, opened with these settings. A page that throws fails it. */
function on_page(name, settings, body, { clock = false } = {}) {
  test(name, { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 720, height: 420 } });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const thrown = [];
    page.on("pageerror", (error) => thrown.push(error));
    // The timers and the clock of the page are the test's then.
    if (clock) await page.clock.install();
    await page.goto(`${urls.page}/?${new URLSearchParams(settings)}`);
    await page.getByText("ready").waitFor();
    const before = (await seen()).length;
    await body(page, async () => (await seen()).slice(before).filter(({ path }) => path !== "/seen"));
    assert.deepEqual(thrown, []);
    await context.close();
  });
}

/** What the server has been asked. */
async function seen(url = urls.page) {
  return (await fetch(`${url}/seen`)).json();
}

async function ask(page, question) {
  await page.getByLabel("Question").fill(question);
  await page.keyboard.press("Enter");
}

const answer = (page) => page.locator("output").textContent();

/** How asking ended. */
async function told(page) {
  const status = page.locator("p");
  return JSON.parse(await until(async () => (await status.textContent()).startsWith("{") && status.textContent()));
}

on_page("the text grows as it comes", {}, async (page) => {
  await ask(page, "count");
  const texts = [];
  await until(async () => {
    const text = await answer(page);
    if (text !== texts.at(-1)) texts.push(text);
    return text === ALL;
  });
  assert.ok(texts.length > 3, `${texts.length} different texts`);
  assert.ok(texts.every((text) => ALL.startsWith(text)));
  assert.deepEqual(await told(page), { end: "done", resumptions: 0, chunks: 8 });
});

on_page("a chunk is there while the answer is under way, and stopping ends the request", {}, async (page, requests) => {
  await ask(page, "hang");
  await until(async () => (await answer(page)) === "one two ");
  assert.equal((await requests()).at(-1).outcome, "Answering");
  await page.screenshot({ path: "streaming.png" });
  await page.getByText("Stop").click();
  assert.deepEqual(await told(page), { end: "dropped" });
  await until(async () => (await requests()).at(-1).outcome === "Abandoned");
  assert.equal(await answer(page), "one two ");
});

on_page("stopping before the head of the response ends the request too", {}, async (page, requests) => {
  await ask(page, "silent");
  await until(async () => (await requests()).length === 1);
  await page.getByText("Stop").click();
  assert.deepEqual(await told(page), { end: "dropped" });
  await until(async () => (await requests()).at(-1).outcome === "Abandoned");
});

on_page("an error is told with what the server said", {}, async (page) => {
  await ask(page, "refuse");
  const { error, message } = await told(page);
  assert.equal(error, "status");
  assert.match(message, /400 Bad Request.*No such model/);
});

on_page("a stream that is cut goes on where it was", {}, async (page, requests) => {
  await ask(page, "cut");
  assert.deepEqual(await told(page), { end: "done", resumptions: 1, chunks: 8 });
  assert.equal(await answer(page), ALL);
  const [first, second] = await requests();
  assert.equal(first.headers["x-last-chunk-index"], undefined);
  assert.match(second.headers["x-last-chunk-index"], /^\d$/);
});

on_page("a cut without resumption is an error in the browser's words", { no_resume: "" }, async (page) => {
  await ask(page, "cut");
  const { error, message } = await told(page);
  assert.equal(error, "interrupted");
  assert.match(message, /: TypeError: network error \(/);
});

on_page("a server that is busy is asked again after a wait", {}, async (page, requests) => {
  await ask(page, "busy");
  await until(async () => (await requests()).length === 1);
  assert.equal(await page.locator("p").textContent(), "asking");
  await until(async () => { await page.clock.runFor(100); return (await requests()).length === 2; });
  assert.equal((await told(page)).end, "done");
}, { clock: true });

on_page("no answer at all is an error that does not claim that nothing was sent", {}, async (page) => {
  await ask(page, "gone");
  const { error, message, attempts } = await told(page);
  assert.deepEqual({ error, attempts }, { error: "transport", attempts: 1 });
  assert.match(message, /: TypeError: Failed to fetch \(/);
});

on_page("silence is an error after the idle timeout", { no_resume: "" }, async (page, requests) => {
  await ask(page, "hang");
  await until(async () => (await answer(page)) === "one two ");
  await page.clock.fastForward(59_000);
  assert.equal(await page.locator("p").textContent(), "asking");
  await page.clock.fastForward(1_100);
  const { error, phase } = await told(page);
  assert.deepEqual({ error, phase }, { error: "timeout", phase: "Idle" });
  await until(async () => (await requests()).at(-1).outcome === "Abandoned");
}, { clock: true });

on_page("a stream ends with the time of its call", { timeout: 30_000 }, async (page, requests) => {
  await ask(page, "hang");
  await until(async () => (await answer(page)) === "one two ");
  await page.clock.fastForward(30_000);
  const { error, phase, chunks } = await told(page);
  assert.deepEqual({ error, phase, chunks }, { error: "timeout", phase: "Total", chunks: 1 });
  await until(async () => (await requests()).at(-1).outcome === "Abandoned");
}, { clock: true });

on_page("a limit beyond what browsers can wait is kept all the same", { timeout: 40 * 24 * 3600_000, idle_timeout: 50 * 24 * 3600_000 }, async (page) => {
  await ask(page, "hang");
  await until(async () => (await answer(page)) === "one two ");
  for (const days of [20, 19]) await page.clock.fastForward(days * 24 * 3600_000);
  assert.equal(await page.locator("p").textContent(), "asking");
  await page.clock.fastForward(24 * 3600_000);
  assert.equal((await told(page)).phase, "Total");
}, { clock: true });

on_page("a head that never comes is an error after its timeout", { no_retry: "" }, async (page, requests) => {
  await ask(page, "silent");
  await until(async () => (await requests()).length === 1);
  await page.clock.fastForward(600_000);
  const { error, phase } = await told(page);
  assert.deepEqual({ error, phase }, { error: "timeout", phase: "Headers" });
  await until(async () => (await requests()).at(-1).outcome === "Abandoned");
}, { clock: true });

on_page("a token may come from a server of the page's own", { token_url: "/token" }, async (page, requests) => {
  await ask(page, "count");
  assert.equal((await told(page)).end, "done");
  assert.equal((await requests()).at(-1).headers.authorization, "Bearer token-of-the-page");
});

on_page("an answer may come whole", {}, async (page) => {
  const whole = JSON.parse(await page.evaluate(() => chat.whole("Hello")));
  assert.equal(whole.choices[0].message.content, ALL);
});

on_page("bytes and streams go up as files of a form", {}, async (page, requests) => {
  for (const streamed of [false, true]) {
    const upload = (streamed) => chat.upload(new TextEncoder().encode("city,rain"), streamed);
    assert.deepEqual(JSON.parse(await page.evaluate(upload, streamed)), { id: "file-1" });
    const { headers, body } = (await requests()).at(-1);
    assert.match(headers["content-type"], /^multipart\/form-data; boundary=/);
    assert.match(body, /name="file"; filename="rain\.csv"\r\nContent-Type: text\/csv\r\n\r\ncity,rain\r\n/);
  }
});

test("two pages don't make the same keys", async () => {
  const before = (await seen()).length;
  for (let pages = 0; pages < 2; pages += 1) {
    const page = await browser.newPage();
    await page.goto(urls.page);
    await page.getByText("ready").waitFor();
    for (let calls = 0; calls < 2; calls += 1) await page.evaluate(() => chat.key());
    await page.close();
  }
  const keys = (await seen()).slice(before).map(({ headers }) => headers["idempotency-key"]).filter(Boolean);
  assert.equal(new Set(keys).size, 4);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});

test("a server of another origin has to allow two headers, and one more for resumption", async () => {
  const page = await browser.newPage();
  await page.goto(`${urls.page}/?${new URLSearchParams({ base_url: urls.other })}`);
  await page.getByText("ready").waitFor();
  await ask(page, "count");
  assert.equal((await told(page)).end, "done");
  const [asked, sent] = await seen(urls.other);
  assert.equal(asked.method, "OPTIONS");
  assert.equal(asked.headers["access-control-request-headers"], "authorization,content-type");
  assert.equal(sent.headers.authorization, "Bearer test-token");
  await ask(page, "cut");
  assert.equal((await told(page)).resumptions, 1);
  const preflights = (await seen(urls.other)).filter(({ method }) => method === "OPTIONS");
  assert.equal(preflights.at(-1).headers["access-control-request-headers"], "authorization,content-type,x-last-chunk-index");
  await page.close();
});
