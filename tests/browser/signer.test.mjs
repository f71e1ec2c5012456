/** What `pangulm/signer` promises in a real page. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { startEmulator } from "../support/emulator.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
const TYPES = { js: "text/javascript", wasm: "application/wasm" };
const asked = [];
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
  asked.push(path);
  if (path === "") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>test</title>");
  const body = await readFile(new URL(path, dist)).catch(() => undefined);
  response.writeHead(body ? 200 : 404, { "content-type": TYPES[path.split(".").pop()] ?? "text/plain" }).end(body);
}

test("a request signed with a key that nobody can read is accepted, and a changed one refused", async () => {
  const outcome = await page.evaluate(async (info) => {
    const { importSecretKey, signRequest } = await import("/signer/browser.js");
    const secretAccessKey = await importSecretKey(info.secretAccessKey);
    const { accessKeyId, projectId } = info;
    const url = `${info.url}/v1/${projectId}/deployments/${info.deploymentId}/chat/completions`;
    const make = (content) => {
      const body = JSON.stringify({ messages: [{ role: "user", content }] });
      return new Request(url, { method: "POST", body, headers: { "content-type": "application/json" } });
    };
    const sign = (request) => signRequest(request, { accessKeyId, secretAccessKey, projectId });
    const short = await fetch(await sign(make("hello")));
    const long = await fetch(await sign(make("你".repeat(40_000))));
    const list = await fetch(await sign(new Request(`${info.url}/v3/projects?name=b%20c+d&b=&a`)));
    const changed = await fetch(new Request(await sign(make("hello")), { body: "{}" }));
    return { extractable: secretAccessKey.extractable, statuses: [short.status, long.status, list.status, changed.status] };
  }, emulator.info);
  assert.deepEqual(outcome, { extractable: false, statuses: [200, 200, 200, 401] });
});

test("a page that signs has loaded nothing of the client", () => {
  assert.deepEqual(asked.filter((path) => path.endsWith(".wasm")), ["signer.wasm"]);
  const scripts = asked.filter((path) => path.endsWith(".js"));
  assert.ok(scripts.length > 0);
  for (const path of scripts) assert.doesNotMatch(readFileSync(new URL(path, dist), "utf8"), /class (PanguLM|Engine|Completions) /, path);
});
