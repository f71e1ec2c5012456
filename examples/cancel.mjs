/**
 * Ends answers early: by a signal, which also bounds the whole call in time, and by leaving the loop.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/cancel.mjs
 */

import { PanguLM, PanguLMError } from "pangulm";

const client = new PanguLM();
const request = { messages: [{ role: "user", content: "介绍一下长江" }], stream: true };

// Leaving the loop closes the connection at once, which ends the generation.
let pieces = 0;
for await (const chunk of await client.chat.completions.create(request)) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
  if ((pieces += 1) === 5) break;
}
console.log(" … enough");

// A signal ends a call wherever it is: waiting, retrying or streaming.
const stopper = new AbortController();
const signal = AbortSignal.any([stopper.signal, AbortSignal.timeout(30_000)]);
const stream = await client.chat.completions.create(request, { signal });
try {
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stopper.abort();
} catch (error) {
  if (!(error instanceof PanguLMError && error.isCancelled)) throw error;
  console.log(`${error.message}; so far: ${stream.partial().choices[0].message.content}`);
}
