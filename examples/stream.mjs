/**
 * Streams an answer, and tells a cut answer from a whole one.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/stream.mjs
 */

import { PanguLM, PanguLMError } from "pangulm";

const client = new PanguLM();
const stream = await client.chat.completions.create({
  messages: [{ role: "user", content: "介绍一下长江" }],
  stream: true,
});
try {
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
  const { usage } = await stream.finalMessage();
  console.log("\n", usage);
} catch (error) {
  // A stream that ends before the answer is complete throws; what had arrived is in partial().
  if (!(error instanceof PanguLMError)) throw error;
  console.error(`\n${error.message}; so far: ${stream.partial().choices?.[0]?.message.content}`);
}
