/** What `pangulm/slim` promises, and that each story is kept by the wasm file that pages load. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import * as pangulm from "../../pkg/dist/slim.js";
import { startEmulator } from "../support/emulator.mjs";
import { run } from "../support/scenario.mjs";
import { stories } from "../support/stories.mjs";

const wasm = new URL("../../pkg/dist/pangulm.wasm", import.meta.url);
/** What only the other file can do. */
const SIGNS = /"(accessKeyId|signingKey)"/;
let emulator;

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

test("a call without a wasm file says how to give one", async () => {
  const client = new pangulm.PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey });
  const call = client.chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
  await assert.rejects(call, (error) => error instanceof pangulm.PanguLMError && /ready\(\)/.test(error.message));
});

test("a file that is none is refused, and another one can be given", async () => {
  await assert.rejects(pangulm.ready(new Uint8Array([1, 2, 3])), { kind: "runtime", message: /cannot be loaded/ });
  await pangulm.ready(new Response(await readFile(wasm)));
  await pangulm.ready(await WebAssembly.compile(await readFile(wasm)));
  await pangulm.ready(readFile(wasm));
});

for (const story of stories("npm").filter(({ text }) => !SIGNS.test(text))) {
  test(story.promise, { skip: story.reason }, () => run(story, emulator, pangulm));
}
