/**
 * Finds which of some texts is nearest to a question, and plans a search for it.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/embeddings.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const question = "长江有多长";
const vector = async (text) => (await client.search.embed(text)).embedding[0];
const asked = await vector(question);
for (const text of ["长江有多长?", "黄河有多长", "今天星期几"]) {
  console.log(likeness(asked, await vector(text)).toFixed(2), text);
}
const plan = await client.search.plan(question, ["长江在哪里", "长江在中国。"]);
console.log(plan.category);

/** The cosine of the angle between two vectors: 1 for the same text. */
function likeness(one, other) {
  const product = (one, other) => one.reduce((sum, number, at) => sum + number * other[at], 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}
