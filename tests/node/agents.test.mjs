/** Runs of agents and workflows. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PanguLM, Run } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let client;

before(async () => {
  emulator = await startEmulator();
  client = new PanguLM({ ...emulator.address, credentials: { apiKey: emulator.info.apiKey } });
});
after(() => emulator.stop());

const fault = (text) => ({ headers: { "x-emulator-fault": text } });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an agent's events come in their order and its conversation goes on", async () => {
  const agent = emulator.info.agentId;
  const run = await client.agents.run({ agent, query: "贵阳的天气" });
  assert.ok(run instanceof Run);
  const events = [];
  for await (const event of run) events.push(event);
  const kinds = [...new Set(events.map(({ event }) => event))];
  assert.deepEqual(kinds, ["start", "plugin_start", "plugin_end", "message", "statistic_data", "summary_response"]);
  const said = events.filter(({ event }) => event === "message").map(({ content }) => content);
  const { content, end_confirmed, last_event } = run.partial();
  assert.deepEqual([content, end_confirmed, last_event], [said.join(""), true, events.at(-1)]);
  assert.match(run.conversationId, UUID);

  const more = await client.agents.run({ agent, query: "明天呢", conversation: run.conversationId, olderPath: true });
  assert.match((await more.finish()).content, /之前您问过：“贵阳的天气”/);
  const other = await client.agents.run({ agent, query: "明天呢" });
  assert.notEqual(other.conversationId, run.conversationId);
  other.abort();
});

test("a run whose body ends early is kept and marked, and one that breaks is an error", async () => {
  const ask = { agent: emulator.info.agentId, query: "hello" };
  const early = await client.agents.run(ask, fault("truncate-after=3"));
  assert.equal((await early.finish()).end_confirmed, false);
  const broken = await client.agents.run(ask, fault("drop-after=3"));
  await assert.rejects(broken.finish(), { isTruncated: true });
  assert.match(broken.partial().content, /^You asked/);
  const refused = await client.agents.run(ask, fault("error-after=2"));
  await assert.rejects(refused.finish(), { isInStream: true, code: "PANGU.0031" });
});

test("a workflow's question is answered in its conversation", async () => {
  const workflow = emulator.info.askingWorkflowId;
  for (const olderPath of [false, true]) {
    const asked = await client.workflows.run({ workflow, inputs: { query: "预订会议室" }, olderPath });
    assert.equal(asked.outputs, undefined);
    assert.match(asked.messages[0].content, /预订会议室/);
    const plugin_configs = [{ plugin_id: "p", config: { token: "t" } }];
    const conversation = asked.conversation_id;
    const answered = await client.workflows.run({ workflow, inputs: { query: "明天" }, conversation, plugin_configs, olderPath });
    assert.match(answered.outputs.responseContent, /明天/);
  }
});

test("a workflow's events come as they are and its end is not confirmed", async () => {
  const workflow = emulator.info.workflowId;
  const run = await client.workflows.run({ workflow, inputs: { query: "hello" }, stream: true });
  for await (const { event, data } of run) {
    assert.equal(data.x_emulated, true);
    if (event === "x_emulated_end") assert.match(data.outputs.responseContent, /“hello”/);
  }
  assert.equal(run.partial().end_confirmed, false);
});

test("what is documented to be wrong is refused before anything is sent", async () => {
  const key = { ...fault("key=refused") };
  const ask = { agent: emulator.info.agentId, query: "?" };
  await assert.rejects(client.agents.run({ ...ask, conversation: "mine" }, key), { field: "conversation_id", isInvalidInput: true });
  await assert.rejects(client.workflows.run({ workflow: "w" }, key), { field: "inputs" });
  const parameters = { agent_id: "a", conversation_id: "4c0dcef2-7f8f-4c57-93c7-484c03b0a216", stream: false };
  await assert.rejects(client.request("runAgent", parameters, { query: "?" }, key), { field: "stream" });
  assert.deepEqual(await emulator.requests("refused"), []);
});

test("an operation that only streams is not for request()", async () => {
  const parameters = { agent_id: emulator.info.agentId, conversation_id: "4c0dcef2-7f8f-4c57-93c7-484c03b0a216" };
  await assert.rejects(client.request("runAgent", parameters, { query: "?" }), {
    isInvalidInput: true,
    operation: "runAgent",
    message: /answers with a stream/,
  });
});
