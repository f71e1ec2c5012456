/** What the npm package promises in a real page. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { startEmulator } from "../support/emulator.mjs";
import { startFlood } from "../support/flood.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
let closed; // without CORS, like the platform's gateway
let open; // with CORS
let site;
let browser;
let page;
/** What the server of the page has lost. */
let lost = /(?!)/;

before(async () => {
  [closed, open] = await Promise.all([startEmulator(), startEmulator("--cors")]);
  site = createServer(serve);
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
});
after(async () => {
  await browser?.close();
  site?.close();
  await Promise.all([closed?.stop(), open?.stop()]);
});

/** Pages with a Content-Security-Policy. */
const POLICIES = {
  strict: "script-src 'self'",
  allowed: "script-src 'self' 'wasm-unsafe-eval'",
  silent: "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
};

async function serve(request, response) {
  const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
  const path = request.url.slice(1);
  try {
    if (lost.test(path)) throw new Error("lost");
    const policy = POLICIES[path];
    const body = path === "" || policy ? "<!doctype html><title>test</title>" : await readFile(new URL(path, dist));
    const headers = { "content-type": types[path.split(".").pop()] ?? "text/html", ...(policy && { "content-security-policy": policy }) };
    response.writeHead(200, headers).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Runs `body` in the page with the package and the emulator's info; errors come back as objects. */
const inPage = (emulator, body) =>
  page.evaluate(
    async ([source, { info, address }]) => {
      const pangulm = await import("/browser.js");
      try {
        return await new Function("pangulm", "info", "address", `return (${source})(pangulm, info, address)`)(pangulm, info, address);
      } catch (error) {
        return { kind: error.kind, message: error.message, known: error instanceof pangulm.PanguLMError };
      }
    },
    [body.toString(), { info: emulator.info, address: emulator.address }],
  );

test("a page streams an answer", async () => {
  const { text, usage, chunks } = await inPage(open, async ({ PanguLM }, info, address) => {
    const client = new PanguLM({ ...address, apiKey: info.apiKey, dangerouslyAllowBrowser: true });
    const stream = await client.chat.completions.create({ messages: [{ role: "user", content: "hello" }], stream: true });
    let text = "";
    let chunks = 0;
    for await (const chunk of stream) {
      chunks += 1;
      text += chunk.choices[0]?.delta.content ?? "";
    }
    return { text, chunks, usage: (await stream.finalMessage()).usage };
  });
  assert.match(text, /hello/);
  assert.ok(chunks >= 20);
  assert.ok(usage.total_tokens > 0);
});

test("a page signs with an access key pair", async () => {
  const answer = await inPage(open, async ({ PanguLM }, info, address) => {
    const { accessKeyId, secretAccessKey } = info;
    const client = new PanguLM({ ...address, credentials: { accessKeyId, secretAccessKey }, dangerouslyAllowBrowser: true });
    return client.chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
  });
  assert.match(answer.choices[0].message.content, /hello/);
});

test("a lasting secret in a page needs consent", async () => {
  const refused = await inPage(open, async ({ PanguLM }, info, address) => new PanguLM({ ...address, apiKey: info.apiKey }));
  assert.ok(refused.known);
  assert.match(refused.message, /apiKey in a web page can be read by every visitor/);
});

test("a secret kept in IndexedDB as a key that nobody can read signs a call", async () => {
  const { answer, extractable } = await inPage(open, async ({ PanguLM, importSecretKey }, info, address) => {
    const settled = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const opening = indexedDB.open("keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    const database = await settled(opening);
    const key = await importSecretKey(info.secretAccessKey);
    const keys = () => database.transaction("keys", "readwrite").objectStore("keys");
    await settled(keys().put(key, info.accessKeyId));
    const secretAccessKey = await settled(keys().get(info.accessKeyId));
    const client = new PanguLM({ ...address, credentials: { accessKeyId: info.accessKeyId, secretAccessKey } });
    const answer = await client.chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
    return { answer, extractable: secretAccessKey.extractable };
  });
  assert.equal(extractable, false);
  assert.match(answer.choices[0].message.content, /hello/);
});

test("a refused preflight is explained", async () => {
  const refused = await inPage(closed, async ({ PanguLM }, info, address) => {
    const client = new PanguLM({ ...address, apiKey: info.apiKey, dangerouslyAllowBrowser: true });
    return client.chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
  });
  assert.equal(refused.kind, "connect");
  assert.match(refused.message, /does not allow cross-origin calls .* proxy on the page's own origin/);
});

const answered = async ({ PanguLM }, info, address) => {
  const client = new PanguLM({ ...address, apiKey: info.apiKey, dangerouslyAllowBrowser: true });
  const answer = await client.chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
  return answer.choices[0].message.content;
};

test("a page whose server has lost the wasm files takes the engine out of a module", async () => {
  lost = /[.]wasm$/;
  await page.reload();
  assert.match(await inPage(open, answered), /hello/);
});

test("where that is lost, too, the error names the file, and the next call tries again", async () => {
  lost = /[.]wasm$|inlined/;
  await page.reload();
  const { message } = await inPage(open, answered);
  assert.match(message, /pangulm-first[.]wasm cannot be loaded: status 404/);
  lost = /(?!)/;
  assert.match(await inPage(open, answered), /hello/);
});

/** What a chat comes to in a page with this policy, in words. */
async function chatUnder(policy, emulator) {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/${policy}`);
  const said = await page.evaluate(
    async ([apiKey, address]) => {
      const { PanguLM } = await import("/browser.js");
      const client = new PanguLM({ ...address, apiKey, dangerouslyAllowBrowser: true, maxRetries: 0 });
      const asked = client.chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
      return asked.then(
        (answer) => answer.choices[0].message.content,
        (error) => `${error.name} ${error.kind}: ${error.message}`,
      );
    },
    [emulator.info.apiKey, emulator.address],
  );
  await page.close();
  return said;
}

test("a Content-Security-Policy that forbids wasm, or the call, is explained, and the one that is told works", async () => {
  assert.match(await chatUnder("strict", open), /^PanguLMError runtime: WebAssembly is forbidden here .*script-src 'self' 'wasm-unsafe-eval'$/);
  assert.match(await chatUnder("allowed", open), /hello/);
  assert.match(await chatUnder("silent", open), /^PanguLMError connect: .*connect-src of a Content-Security-Policy/);
});

test("a reader in a page that waits holds the server back", async () => {
  const flood = await startFlood();
  await page.evaluate(async (endpoint) => {
    const { PanguLM } = await import("/browser.js");
    const client = new PanguLM({ endpoint, apiKey: "k", model: "m", dangerouslyAllowBrowser: true });
    const stream = await client.chat.completions.create({ messages: [{ role: "user", content: "hello" }], stream: true });
    window.chunks = stream[Symbol.asyncIterator]();
    await window.chunks.next();
  }, flood.endpoint);
  const atRest = await flood.atRest();
  assert.ok(atRest < 24 << 20, `${atRest} bytes`);
  await page.evaluate(async (pieces) => {
    for (let read = 0; read < pieces; read += 1) await window.chunks.next();
    await window.chunks.return();
  }, 2 * Math.ceil(atRest / flood.piece));
  assert.ok(flood.written() > atRest, "it goes on when it is read");
  flood.stop();
});

test("breaking a stream in a page closes its connection", async () => {
  await inPage(open, async ({ PanguLM }, info, address) => {
    const client = new PanguLM({ ...address, apiKey: info.apiKey, dangerouslyAllowBrowser: true });
    const stream = await client.chat.completions.create(
      { messages: [{ role: "user", content: "hello" }], stream: true },
      { headers: { "x-emulator-fault": "stall-after=3; key=page-left" } },
    );
    for await (const chunk of stream) if (chunk.choices[0].delta.content) break;
  });
  for (;;) {
    const [record] = await open.requests("page-left");
    if (record?.closedEarly) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});
