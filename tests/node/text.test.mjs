/** Texts that are continued, the pool form, and images in messages. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { imagePart, imageUrlPart, PanguLM } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let client;

before(async () => {
  emulator = await startEmulator();
  client = new PanguLM({ ...emulator.address, credentials: { apiKey: emulator.info.apiKey } });
});
after(() => emulator.stop());

const fault = (text) => ({ headers: { "x-emulator-fault": text } });

test("a text is continued whole and in pieces that make the same, with and without a pool", async () => {
  for (const pool of [undefined, emulator.info.poolId]) {
    const request = { prompt: "介绍一下长江", pool };
    const whole = await client.text.complete(request);
    const stream = await client.text.complete({ ...request, stream: true });
    let pieces = "";
    for await (const chunk of stream) pieces += chunk.choices[0].text;
    assert.equal(pieces, whole.choices[0].text);
    assert.match(pieces, /介绍一下长江/);
    assert.deepEqual(stream.partial().choices, whole.choices);
  }
});

test("a text that is cut is an error that keeps what came", async () => {
  const stream = await client.text.complete({ prompt: "hello", stream: true }, fault("truncate-after=3"));
  await assert.rejects(stream.finish(), { isTruncated: true });
  assert.match(stream.partial().choices[0].text, /^You asked/);
  await assert.rejects(client.text.complete({ prompt: "" }), { field: "prompt", attempts: 0 });
});

test("a chat with a pool goes to the pool, and a pool goes with no model", async () => {
  const request = { messages: [{ role: "user", content: "hi" }], pool: emulator.info.poolId };
  const whole = await client.chat.completions.create(request, fault("key=pool"));
  const stream = await client.chat.completions.create({ ...request, stream: true }, fault("key=pool"));
  assert.equal((await stream.finalMessage()).choices[0].message.content, whole.choices[0].message.content);
  const asked = await emulator.requests("pool");
  assert.deepEqual(asked.map(({ operationId }) => operationId), ["createPoolChatCompletion", "createPoolChatCompletion"]);
  await assert.rejects(client.chat.completions.create({ ...request, model: "m" }), { field: "pool" });
});

test("an image is sent in the form of its dialect, whatever it comes as", async () => {
  const bytes = new Uint8Array(20_000).map((_, at) => at);
  const text = Buffer.from(bytes).toString("base64");
  const inline = { type: "image", image: { image_base64: text } };
  for (const image of [bytes, bytes.buffer, new Blob([bytes])]) assert.deepEqual(await imagePart(image), inline);
  const url = await imageUrlPart(new Blob([bytes], { type: "image/png" }));
  assert.deepEqual(url, { type: "image_url", image_url: { url: `data:image/png;base64,${text}` } });
  const content = [await imagePart(bytes), { type: "text", text: "图中有什么?" }];
  const answer = await client.chat.completions.create({ messages: [{ role: "user", content }] });
  assert.match(answer.choices[0].message.content, /图中有什么/);
});
