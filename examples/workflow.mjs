/**
 * Runs a workflow that asks back, answers its question, and runs it once more event by event.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_WORKFLOW_ID=b1f7d2a8-6c35-4e09-8f4b-9a0e3c5d7b12
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/workflow.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const workflow = process.env.PANGU_WORKFLOW_ID;
const say = (query, conversation) => ({ workflow, inputs: { query }, conversation });

let answer = await client.workflows.run(say("预订会议室"));
if (answer.outputs === undefined) {
  console.log(answer.messages.at(-1).content);
  answer = await client.workflows.run(say("明天下午三点", answer.conversation_id));
}
console.log(answer.outputs.responseContent);

const run = await client.workflows.run({ ...say("预订会议室"), stream: true });
let events = 0;
for await (const _ of run) events += 1;
const { end_confirmed } = await run.finish();
console.log(`${events} events, end confirmed: ${end_confirmed}`);
