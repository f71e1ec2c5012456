/** Search services and data sets. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PanguLM } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let client;
let member;

before(async () => {
  emulator = await startEmulator();
  const { apiKey, iam } = emulator.info;
  client = new PanguLM({ ...emulator.address, credentials: { apiKey } });
  const { domain, user, password } = iam;
  member = new PanguLM({ ...emulator.address, credentials: { domain, user, password } });
});
after(() => emulator.stop());

test("texts become vectors, questions plans, and a ranking is what the service says", async () => {
  const { embedding, ret } = await client.search.embed("长江有多长");
  assert.equal(ret, "0");
  assert.ok(embedding[0].length > 1);
  const again = await client.search.embed("长江有多长", { embeddingType: "query2query" });
  assert.deepEqual(again.embedding, embedding);
  assert.equal((await client.search.plan("翻译这句话", ["你好", ""])).category, "语言任务类");
  const body = { whatever: ["the", "contract", "says"] };
  assert.deepEqual((await client.search.rerank(body)).x_received, body);
});

test("documented limits are refused before anything is sent, and the services' own errors are read", async () => {
  const { search } = client;
  await assert.rejects(search.embed(""), { field: "query", attempts: 0 });
  await assert.rejects(search.plan("?", ["a"]), { field: "history", attempts: 0 });
  await assert.rejects(search.plan("?", ["", "b"]), { field: "history", attempts: 0 });
  // New kinds may come, so only the service can refuse one.
  await assert.rejects(search.embed("?", { embeddingType: "other" }), {
    status: 400,
    code: "PANGU.0010",
    message: /embedding_type/,
  });
});

test("lineages and deletions are those of the workspace", async () => {
  const { workspaceId } = emulator.info;
  const lineages = () => member.data.lineages(workspaceId, "emulator-bucket/rivers");
  assert.equal((await lineages())[0].from_type, "OBS");
  const dataset = { dataset_name: "river-questions-final", catalog: "PUBLISH" };
  for (const result of [true, false]) {
    assert.equal((await member.data.deleteDataset(workspaceId, dataset)).result, result);
  }
  assert.equal((await lineages()).length, 2);
  await assert.rejects(member.data.lineages(workspaceId, "a", { limit: 1001 }), { field: "limit", attempts: 0 });
  await assert.rejects(member.data.deleteDataset(workspaceId, { dataset_name: "a b" }), { field: "dataset_name" });
  await assert.rejects(client.data.lineages(workspaceId, "a"), { isAuth: true, attempts: 0 });
});

test("tokens are counted of a text and of a dialogue, by the deployment that is named", async () => {
  const { token_number, tokens } = await client.tokens.count("你好,请介绍下西安。");
  assert.equal(tokens.length, token_number);
  const dialogue = await client.tokens.count(["你好", "你好!", "请介绍下西安"], { deployment: emulator.info.deploymentId });
  assert.ok(dialogue.token_number > 0);
  const more = await client.tokens.count("你好,请介绍下西安。", { withGenerated: true }).withResponse();
  assert.ok(more.data.token_number > token_number && more.requestId);
  await assert.rejects(client.tokens.count(["你好", "你好!"]), { field: "data", attempts: 0 });
});
