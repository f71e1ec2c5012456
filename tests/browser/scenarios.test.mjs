/** The scenarios that every driver runs, by the npm package in a page. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { startEmulator } from "../support/emulator.mjs";
import { stories } from "../support/stories.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
const runner = new URL("../support/scenario.mjs", import.meta.url);
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };
let emulator;
let site;
let browser;
let page;

before(async () => {
  emulator = await startEmulator("--cors");
  site = createServer(serve);
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
});
after(async () => {
  await browser?.close();
  site?.close();
  await emulator?.stop();
});

async function serve(request, response) {
  const path = request.url.slice(1);
  if (path === "") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>test</title>");
  const file = path === "scenario.mjs" ? runner : new URL(path, dist);
  const body = await readFile(file).catch(() => undefined);
  response.writeHead(body ? 200 : 404, { "content-type": TYPES[path.split(".").pop()] ?? "text/plain" }).end(body);
}

/** Runs a story in the page; gives what is not kept. */
async function tell([story, info]) {
  const [{ run }, pangulm] = await Promise.all([import("/scenario.mjs"), import("/browser.js")]);
  const kept = run(story, { info }, pangulm, { dangerouslyAllowBrowser: true });
  return kept.then(() => undefined, (error) => String(error));
}

for (const { reason, ...story } of stories("npm", "page")) {
  test(story.promise, { skip: reason }, async () => {
    assert.equal(await page.evaluate(tell, [story, emulator.info]), undefined);
  });
}
