/**
 * Lets the model call a function until it has its answer.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/tools.mjs
 */

import { PanguLM } from "pangulm";
import { runTools, tool } from "pangulm/tools";

const client = new PanguLM();
const weather = tool({
  name: "get_weather",
  description: "The weather in a city, now",
  // Or a schema of Zod, by which arguments are also checked: z.object({ city: z.string() }).
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  run: ({ city }) => `sunny, 24 °C in ${city}`,
});

const messages = [{ role: "user", content: "What is the weather in Guiyang?" }];
// A model that calls forever is stopped after so many rounds.
const run = runTools(client, { messages, stream: true }, [weather], { maxRounds: 5 });
for await (const event of run) {
  if (event.type === "chunk") process.stdout.write(event.chunk.choices[0]?.delta.content ?? "");
  if (event.type === "call") console.log(`${event.call.function.name}(${event.call.function.arguments})`);
}
console.log(`\n[${run.rounds} rounds, ${run.usage.total_tokens} tokens]`);
