/** What the demo's chat page promises, in a real browser on the emulator. */

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { startEmulator } from "../support/emulator.mjs";
import { stageSite } from "../support/site.mjs";

let site;
let emulator;
let browser;
let page;

before(async () => {
  site = await stageSite();
  emulator = await startEmulator("--site", site);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await emulator?.stop();
  await rm(site, { recursive: true });
});
afterEach(() => page?.context().close());

/** Opens the page with these query parameters, in English unless `options` say otherwise. */
async function open(query = {}, options = {}) {
  const context = await browser.newContext({ locale: "en-US", ...options });
  page = await context.newPage();
  await page.goto(`${emulator.info.url}/site/?${new URLSearchParams(query)}`);
}

const ask = async (text) => {
  await page.fill("#question", text);
  await page.press("#question", "Enter");
};

/** The `number`th turn, once its answer has ended. */
const ended = async (number = 0) => {
  const turn = page.locator(".turn").nth(number);
  await turn.and(page.locator('[aria-busy="false"]')).waitFor();
  return turn;
};

const tokens = async (turn) => {
  const read = (name) => turn.locator(`.${name}-tokens`).textContent().then(Number);
  return { prompt: await read("prompt"), completion: await read("completion"), total: await read("total") };
};

for (const dialect of ["V1", "V2"]) {
  test(`a question is answered in ${dialect}, with its tokens and its time`, async () => {
    await open();
    await page.getByRole("radio", { name: dialect }).check({ force: true });
    await ask("介绍一下长江");
    const turn = await ended();
    assert.match(await turn.locator(".answer").textContent(), /介绍一下长江/);
    assert.equal(await turn.locator(".dialect").textContent(), dialect);
    assert.match(await turn.locator(".time").textContent(), /^\d+\.\d s$/);
    const { prompt, completion, total } = await tokens(turn);
    assert.ok(prompt > 0 && completion >= 20);
    assert.equal(total, prompt + completion);
  });
}

test("who asks before the page has found its service is answered all the same", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  page = await context.newPage();
  let find;
  const found = new Promise((resolve) => (find = resolve));
  await page.route("**/_emulator/info", async (route) => {
    await found;
    await route.continue();
  });
  await page.goto(`${emulator.info.url}/site/`);
  await ask("hello");
  await page.locator('.turn[aria-busy="true"]').waitFor();
  find();
  assert.match(await (await ended()).locator(".answer").textContent(), /hello/);
});

test("the question in the address is asked at once", async () => {
  await open({ q: "a&b 江" });
  const turn = await ended();
  assert.equal(await turn.locator(".question").textContent(), "a&b 江");
  assert.match(await turn.locator(".answer").textContent(), /a&b 江/);
});

test("an answer shows while it streams and stops at once, by button or by Escape", async () => {
  for (const stop of [() => page.getByRole("button", { name: "Stop" }).click(), () => page.keyboard.press("Escape")]) {
    await open({ q: "hello", fault: "stall-after=5" });
    await page.locator(".answer:not(:empty)").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send" }).count(), 0);
    await stop();
    const turn = await ended();
    assert.ok(await turn.locator(".stopped").isVisible());
    assert.ok(await turn.locator(".error").isHidden());
    assert.ok(await page.getByRole("button", { name: "Send" }).isVisible());
    await page.context().close();
  }
});

test("the conversation goes along with the next question", async () => {
  await open({ q: "one" });
  const first = await tokens(await ended());
  await ask("two");
  const second = await tokens(await ended(1));
  assert.ok(second.prompt > first.total, `${second.prompt} tokens sent after ${first.total} were said`);
});

test("a train of thought is folded above the answer", async () => {
  await open();
  await page.getByRole("checkbox", { name: "Reasoning" }).check({ force: true });
  await ask("hello");
  const turn = await ended();
  const thought = turn.locator(".thought");
  assert.ok(await thought.locator(".reasoning").isHidden());
  await thought.locator("summary").click();
  assert.match(await thought.locator(".reasoning").textContent(), /emulator/);
  assert.match(await turn.locator(".answer").textContent(), /^You asked/);
});

test("an error says what happened, what to do and what to tell support, and can be tried again", async () => {
  await open({ q: "hello", fault: "status=401" });
  const turn = await ended();
  assert.equal(await turn.locator(".message").textContent(), "Authentication failed.");
  assert.match(await turn.locator(".remedy").textContent(), /Check the credential/);
  assert.equal(await turn.locator(".code").textContent(), "PANGU.0011");
  assert.match(await turn.locator(".request-id").textContent(), /^\w{32}$/);
  await turn.getByRole("button", { name: "Try again" }).click();
  await ended();
  assert.equal(await page.locator(".turn").count(), 1);
});

test("an error in the middle keeps what had arrived", async () => {
  await open({ q: "hello", fault: "truncate-after=10" });
  const turn = await ended();
  assert.match(await turn.locator(".answer").textContent(), /^You asked/);
  assert.match(await turn.locator(".message").textContent(), /ended before the answer was complete/);
});

test("trying again asks the same conversation again", async () => {
  await open({ q: "hello", fault: "truncate-after=10" });
  const { prompt } = await tokens(await ended());
  await page.getByRole("button", { name: "Try again" }).click();
  assert.equal((await tokens(await ended())).prompt, prompt);
});

test("Enter sends, but not with Shift, on nothing or while an input method composes", async () => {
  await open();
  await page.press("#question", "Enter");
  await page.fill("#question", "one");
  await page.press("#question", "Shift+Enter");
  await page.locator("#question").dispatchEvent("keydown", { key: "Enter", isComposing: true });
  assert.equal(await page.locator(".turn").count(), 0);
  assert.equal(await page.inputValue("#question"), "one\n");
  await page.press("#question", "Enter");
  assert.equal(await (await ended()).locator(".question").textContent(), "one");
});

test("the page speaks the browser's language and switches on demand, what is said included", async () => {
  await open({ q: "hello" }, { locale: "zh-CN" });
  await ended();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh");
  assert.match(await page.locator(".facts").textContent(), /用时/);
  await page.getByRole("button", { name: "Switch to English" }).click();
  assert.match(await page.locator(".facts").textContent(), /Time/);
  assert.equal(await page.locator("#question").getAttribute("aria-label"), "Your question");
});

test("the page fits a screen of 360 pixels", async () => {
  await open({ q: "w".repeat(200) }, { viewport: { width: 360, height: 640 } });
  await ended();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test("the page says that it is the emulator, and loads nothing from elsewhere", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  page = await context.newPage();
  const elsewhere = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== emulator.info.url && protocol !== "data:") elsewhere.push(request.url());
  });
  await page.goto(`${emulator.info.url}/site/?q=hello`);
  await ended();
  assert.deepEqual(elsewhere, []);
  assert.match(await page.locator("footer").textContent(), /emulator on your own machine/);
});
