/**
 * Asks an agent, watches what it does, and goes on with the conversation.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_AGENT_ID=8d0c4b7e-2f61-4a9d-9b3e-5c7a1f0e6d24
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/agent.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const agent = process.env.PANGU_AGENT_ID;

const run = await client.agents.run({ agent, query: "贵阳今天的天气怎么样?" });
for await (const { event, content } of run) {
  if (event === "message") process.stdout.write(content);
  else if (event === "statistic_data") console.log();
  else if (event !== "summary_response") console.log(`[${event}]`);
}

const more = await client.agents.run({ agent, query: "明天呢?", conversation: run.conversationId });
const { content } = await more.finish();
console.log(content);
