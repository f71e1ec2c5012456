/**
 * Asks a model that sees about a picture, and counts what the words of the question cost before.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/picture.mjs
 *
 * Name an image file as argument; without one, a small grey picture is sent.
 */

import { readFile } from "node:fs/promises";
import { imagePart, PanguLM } from "pangulm";

/** 64 x 48 pixels of one colour. */
const grey =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAQ0lEQVR42u3PQQkAAAgEsItmFCMZ2Qp+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQErhaAX0DTAer7iAAAAABJRU5ErkJggg==";

const client = new PanguLM();
const text = "图中有什么?";
const { token_number, tokens } = await client.tokens.count(text);
console.log(`${token_number} tokens: ${tokens.join(" | ")}`);

const file = process.argv[2];
const image = file === undefined ? Buffer.from(grey, "base64") : await readFile(file);
// V2 takes images in another form: `imageUrlPart`.
const content = [await imagePart(image), { type: "text", text }];
const answer = await client.chat.completions.create({ messages: [{ role: "user", content }] });
console.log(answer.choices[0].message.content);
