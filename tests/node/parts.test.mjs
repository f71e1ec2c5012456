/** What the client promises where the engine comes in two files, as in a page. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { PanguLM } from "../../pkg/dist/browser.js";
import { startEmulator } from "../support/emulator.mjs";
import { serveFiles } from "../support/file-fetch.mjs";

let emulator;
let loaded;
let refuse;
let resume = () => {};

before(async () => {
  emulator = await startEmulator();
  serveFiles((file) => {
    loaded.push(file);
    if (!file.endsWith("-rest.wasm")) return;
    if (refuse) throw new Error("the network is down");
    resume();
  });
});
after(() => emulator.stop());
beforeEach(() => {
  loaded = [];
  refuse = false;
});

const client = () => new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey });
const messages = [{ role: "user", content: "hello" }];

// The tests share one instance of the engine, so their order counts.

test("chats, their streams, refused ones and counted tokens need the first file alone", async () => {
  const chat = client().chat.completions;
  assert.ok((await chat.create({ messages })).choices[0].message.content);
  assert.ok((await (await chat.create({ messages, stream: true })).finalMessage()).choices[0].message.content);
  await assert.rejects(chat.create({ messages, temperature: 7 }), { field: "temperature" });
  await client().request("countTokens", {}, { data: ["hello"] });
  assert.deepEqual(loaded, ["pangulm-first.wasm"]);
});

test("a second file that cannot be had fails the call with a passing error, and later calls try again, once for all", async () => {
  refuse = true;
  const lost = client().search.embed("hello");
  await assert.rejects(lost, { kind: "connect", isTransient: true, isConnect: true });
  refuse = false;
  loaded = [];
  const calls = ["a", "b", "c"].map((query) => client().search.embed(query));
  for (const { embedding } of await Promise.all(calls)) assert.ok(embedding.length > 0);
  assert.deepEqual(loaded, ["pangulm-rest.wasm"]);
});

test("a call that its signal ends while the second file is loaded is not sent", async () => {
  const abort = new AbortController();
  const sent = [];
  const fetch = (...request) => {
    sent.push(request);
    return globalThis.fetch(...request);
  };
  const { accessKeyId, secretAccessKey } = emulator.info;
  const signing = new PanguLM({ ...emulator.address, credentials: { accessKeyId, secretAccessKey }, fetch });
  await signing.chat.completions.create({ messages });
  sent.length = 0;
  const call = signing.search.embed("hello", { signal: abort.signal });
  await new Promise((resolve) => (resume = resolve));
  abort.abort();
  await assert.rejects(call, { isCancelled: true });
  assert.deepEqual(loaded, ["pangulm-signing-first.wasm", "pangulm-signing-rest.wasm"]);
  assert.deepEqual(sent, []);
});

test("credentials that are exchanged at IAM need the second file", async () => {
  const { domain, user, password } = emulator.info.iam;
  const login = new PanguLM({ ...emulator.address, credentials: { domain, user, password } });
  assert.ok((await login.chat.completions.create({ messages })).choices.length > 0);
  const { accessKeyId, secretAccessKey } = emulator.info;
  const temporary = { accessKeyId, secretAccessKey, temporarySeconds: 900 };
  const granted = new PanguLM({ ...emulator.address, credentials: temporary });
  assert.ok((await granted.chat.completions.create({ messages })).choices.length > 0);
});
