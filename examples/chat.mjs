/**
 * Asks one question and prints the whole answer.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/chat.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const answer = await client.chat.completions.create({
  messages: [
    { role: "system", content: "请简短回答。" },
    { role: "user", content: "介绍下长江,以及长江中典型的鱼类" },
  ],
  temperature: 0.3,
  max_tokens: 600,
});
console.log(answer.choices[0].message.content);
console.log(answer.usage);
