/** Every operation of the description, called by its id with its example: what is sent, and what comes back. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PanguLM } from "../../pkg/dist/node.js";

const folder = process.env.PANGULM_OPENAPI;
assert.ok(folder, "PANGULM_OPENAPI is not set: run the tests by `cargo xtask test`");

const METHODS = new Set(["get", "put", "post", "delete", "head", "patch"]);
const ID = "0d5f7c1e-3b86-4a92-b1d7-6e2c9f08a453";

/** The operations of a document, each with its path, parameters and successful answer. */
function operations(name) {
  const document = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const follow = (node) => (node?.$ref ? follow(node.$ref.split("/").slice(1).reduce((it, key) => it[key], document)) : node);
  return Object.entries(document.paths).flatMap(([key, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, node]) => {
        const [status, response] = Object.entries(node.responses).find(([code]) => code.startsWith("2"));
        const content = follow(response).content ?? {};
        return {
          id: node.operationId,
          method: method.toUpperCase(),
          path: key.split("#")[0],
          parameters: [...(item.parameters ?? []), ...(node.parameters ?? [])].map(follow).filter((it) => it.required),
          body: follow(node.requestBody)?.content["application/json"].example,
          status: Number(status),
          events: content["text/event-stream"]?.example,
          streams: Object.keys(content).length > 0 && content["application/json"] === undefined,
          answer: content["application/json"]?.example,
        };
      }),
  );
}

/** A value for a parameter that must be given, with characters that have to be encoded where any will do. */
function value({ name, in: place }) {
  if (name === "project_id") return "p 1/é+%7E";
  if (name === "stream") return "false";
  return place === "path" ? ID : "7";
}

/** Percent-encoding of everything but unreserved characters. */
function encode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A client with every credential, and a network of the test's own. */
function over(fetch) {
  const here = "http://127.0.0.1:9";
  const address = { endpoint: here, v2Endpoint: here, iamEndpoint: here, projectId: "unused", deployment: "unused" };
  return new PanguLM({ ...address, credentials: { apiKey: "key", token: "token" }, fetch });
}

/** Calls an operation against a fetch that answers with this, and tells what it was asked. */
async function call(operation, answer) {
  let asked;
  const client = over(async (url, init) => {
    asked = { url, ...init };
    const body = answer === undefined ? null : JSON.stringify(answer);
    return new Response(body, { status: operation.status, headers: { "content-type": "application/json" } });
  });
  const parameters = Object.fromEntries(operation.parameters.map((it) => [it.name, value(it)]));
  const got = await client.request(operation.id, parameters, operation.body);
  return { asked, got };
}

/** The same answer with a new member in every object, and another text in the place of every text. */
function grown(answer) {
  if (Array.isArray(answer)) return answer.map(grown);
  if (typeof answer === "string") return "x_new_value";
  if (typeof answer !== "object" || answer === null) return answer;
  const members = Object.entries(answer).map(([name, inner]) => [name, grown(inner)]);
  return { ...Object.fromEntries(members), x_new_member: { of: ["a", 1, null] } };
}

const described = ["pangulm", "iam"].flatMap(operations);
const all = described.filter((operation) => !operation.streams);

/** The method that reads each operation's events. */
const chat = (request) => (client) => client.chat.completions.create({ messages: [{ role: "user", content: "?" }], stream: true, ...request });
const text = (request) => (client) => client.text.complete({ prompt: "?", stream: true, ...request });
const agent = (request) => (client) => client.agents.run({ agent: "a", query: "?", ...request });
const workflow = (request) => (client) => client.workflows.run({ workflow: "w", inputs: {}, stream: true, ...request });
const STREAMS = {
  createChatCompletionV1: chat({ deployment: "d" }),
  createChatCompletionV2: chat({ model: "m" }),
  createPoolChatCompletion: chat({ deployment: "d", pool: "p" }),
  createTextCompletion: text({}),
  createPoolTextCompletion: text({ pool: "p" }),
  runAgent: agent({}),
  runAgentLegacy: agent({ olderPath: true }),
  runWorkflow: workflow({}),
  runWorkflowLegacy: workflow({ olderPath: true }),
};

test("every operation sends its example where the description says, and gives back the answer's", async () => {
  assert.ok(all.length > 50, `${all.length} operations`);
  for (const operation of all) {
    const { asked, got } = await call(operation, operation.answer);
    const given = Object.fromEntries(operation.parameters.map((it) => [it.name, value(it)]));
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encode(given[name]));
    const query = operation.parameters.filter((it) => it.in === "query").map((it) => `${encode(it.name)}=${encode(value(it))}`);
    const url = `http://127.0.0.1:9${path}${query.length > 0 ? `?${query.sort().join("&")}` : ""}`;
    assert.equal(asked.method, operation.method, operation.id);
    assert.equal(asked.url, url, operation.id);
    const body = asked.body === undefined ? undefined : JSON.parse(new TextDecoder().decode(asked.body));
    assert.deepEqual(body, operation.body, operation.id);
    assert.deepEqual(got, operation.answer, operation.id);
  }
});

test("an unknown member or value anywhere in an answer breaks no operation", async () => {
  for (const operation of all.filter((it) => it.answer !== undefined)) {
    const answer = grown(operation.answer);
    const { got } = await call(operation, answer);
    assert.deepEqual(got, answer, operation.id);
  }
});

test("an unknown member or value anywhere in an event breaks no stream", async () => {
  const streaming = described.filter(({ events }) => events !== undefined);
  assert.deepEqual(streaming.map(({ id }) => id).sort(), Object.keys(STREAMS).sort());
  for (const { id, events } of streaming) {
    const lines = events.split("\n").filter((line) => line.startsWith("data:"));
    const sent = lines.map((line) => line.slice(5).trim()).map((data) => (data.startsWith("{") ? grown(JSON.parse(data)) : data));
    const body = sent.map((event) => `data:${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
    const head = { headers: { "content-type": "text/event-stream" } };
    const stream = await STREAMS[id](over(async () => new Response(body, head)));
    const given = [];
    for await (const event of stream) given.push(event);
    // What V2 calls `delta` is `message` in V1.
    const choice = ({ message, ...rest }) => (message === undefined ? rest : { ...rest, delta: message });
    const expected = sent.filter((event) => typeof event !== "string");
    const ofChats = expected.map((event) => (event.choices === undefined ? event : { ...event, choices: event.choices.map(choice) }));
    assert.deepEqual(given, ofChats, id);
  }
});
