/**
 * Continues a text, whole and piece by piece.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/complete.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const request = { prompt: "长江是", temperature: 0.3, max_tokens: 200 };
const whole = await client.text.complete(request);
console.log(whole.choices[0].text);
console.log(whole.usage);

const stream = await client.text.complete({ ...request, stream: true });
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.text ?? "");
console.log();
