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

const client = new PanguLM();
const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "The weather in a city, now",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];
const functions = { get_weather: ({ city }) => `sunny, 24 °C in ${city}` };

const messages = [{ role: "user", content: "What is the weather in Guiyang?" }];
// A model that calls forever is stopped.
for (let turn = 0; turn < 5; turn += 1) {
  const answer = await client.chat.completions.create({ messages, tools });
  const { message } = answer.choices[0];
  if (!message.tool_calls?.length) {
    console.log(message.content);
    break;
  }
  messages.push(message);
  for (const call of message.tool_calls) {
    console.log(`${call.function.name}(${call.function.arguments})`);
    messages.push({ role: "tool", tool_call_id: call.id, content: run(call.function) });
  }
}

/** What the tool says, also when the model called it wrongly: the model can then do better. */
function run({ name, arguments: json }) {
  try {
    return functions[name](JSON.parse(json));
  } catch (error) {
    return String(error);
  }
}
