/** `pangulm/tools`: tools run until the model has its answer, whatever the model and the tools do. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import * as valibot from "valibot";
import { z } from "zod";
import { PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { runTools, tool } from "../../pkg/dist/tools/index.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let client;
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

before(async () => {
  emulator = await startEmulator();
  client = new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey });
});
after(() => emulator.stop());
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(unhandled.splice(0), [], "no rejection is left unhandled");
});

const messages = [{ role: "user", content: "What is the weather in Guiyang?" }];
const city = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const weather = (more = {}) =>
  tool({ name: "get_weather", description: "The weather in a city, now", parameters: city, run: () => "sunny", ...more });

/** The error that a promise is rejected with. */
async function errorOf(promise) {
  return promise.then(
    () => assert.fail("nothing was thrown"),
    (thrown) => thrown,
  );
}

/** The events of a run, and how it ended. */
async function eventsOf(run) {
  const events = [];
  try {
    for await (const event of run) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events };
}

const results = (events) => events.filter(({ type }) => type === "result");

/** A model that says what it is told to, turn by turn, over real HTTP; it keeps what it was asked. */
async function scripted(...turns) {
  const asked = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    asked.push(JSON.parse(body));
    const message = turns[Math.min(asked.length, turns.length) - 1];
    const finish_reason = message.tool_calls ? "tool_calls" : "stop";
    const usage = { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "1", choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }], usage }));
  });
  server.unref();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const model = new PanguLM({ endpoint, projectId: "p", deployment: "d", apiKey: "k", maxRetries: 0 });
  return { model, asked, close: () => (model.dispose(), server.closeAllConnections(), server.close()) };
}

const calling = (...calls) => ({
  content: "",
  tool_calls: calls.map(([name, args], at) => ({ id: `c${at}`, type: "function", function: { name, arguments: args } })),
});

test("a model that calls a tool gets its result, and gives its answer", async () => {
  const given = [];
  const run = runTools(client, { messages }, [weather({ run: (args, { call }) => (given.push(args, call.function.name), "sunny, 24 °C") })]);
  const answer = await run.finish();
  assert.match(answer.choices[0].message.content, /sunny, 24 °C/);
  assert.deepEqual(given, [{ city: messages[0].content }, "get_weather"]);
  assert.equal(run.rounds, 2);
  assert.deepEqual(run.messages.map(({ role }) => role), ["user", "assistant", "tool", "assistant"]);
  assert.equal(run.messages[2].tool_call_id, run.messages[1].tool_calls[0].id);
  assert.ok(run.usage.total_tokens > answer.usage.total_tokens, "the tokens are those of both rounds");
  assert.equal(await run.finalMessage(), answer);
  assert.equal(messages.length, 1, "the caller's list is not touched");
});

test("a streamed run gives every piece, call and result in order", async () => {
  const { events, error } = await eventsOf(runTools(client, { messages, stream: true }, [weather()]));
  assert.equal(error, undefined);
  const order = events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
  assert.deepEqual(order, ["chunk", "answer", "call", "result", "chunk", "answer"]);
  const said = events.filter(({ type }) => type === "chunk").map(({ chunk }) => chunk.choices[0]?.delta.content ?? "");
  assert.equal(said.join(""), events.at(-1).answer.choices[0].message.content);
});

test("V2 runs tools as V1 does", async () => {
  const { url, model, apiKey } = emulator.info;
  const { events, error } = await eventsOf(runTools(new PanguLM({ endpoint: url, model, apiKey }), { messages, stream: true }, [weather()]));
  assert.equal(error, undefined);
  assert.match(events.at(-1).answer.choices[0].message.content, /sunny/);
  assert.equal(events.at(-1).answer.model, model);
});

test("a schema of Zod describes the tool, checks its arguments and types them", async () => {
  const { model, asked, close } = await scripted(calling(["get_weather", '{"city":7}']), calling(["get_weather", '{"city":"贵阳"}']), { content: "ok" });
  const parameters = z.object({ city: z.string().transform((name) => name + "市") });
  const { events } = await eventsOf(runTools(model, { messages }, [weather({ parameters, run: ({ city }) => ({ city }) })]));
  assert.deepEqual(asked[0].tools[0].function.parameters, city);
  const [wrong, right] = results(events);
  assert.match(wrong.content, /the arguments do not fit: city: .*string/);
  assert.ok(wrong.error instanceof PanguLMError);
  assert.equal(right.content, '{"city":"贵阳市"}');
  close();
});

test("a schema that writes no JSON Schema checks beside one that is written out", async () => {
  const { model, close } = await scripted(calling(["get_weather", '{"city":7}']), { content: "ok" });
  const validate = valibot.object({ city: valibot.string() });
  const { events } = await eventsOf(runTools(model, { messages }, [weather({ validate })]));
  assert.match(results(events)[0].content, /the arguments do not fit: city: Invalid type/);
  const wrong = () => runTools(model, { messages }, [weather({ parameters: validate })]);
  assert.throws(wrong, /get_weather.parameters: this schema of valibot does not write JSON Schema; give its JSON Schema as parameters/);
  close();
});

test("the model is told what it did wrong, and what a tool failed of", async () => {
  const turns = [calling(["nothing", "{}"], ["get_weather", "{"], ["get_weather", ""], ["fails", "{}"]), { content: "ok" }];
  const { model, asked, close } = await scripted(...turns);
  const seen = [];
  const fails = tool({ name: "fails", run: () => Promise.reject(new Error("no such station")) });
  const { events } = await eventsOf(runTools(model, { messages }, [weather({ run: (args) => void seen.push(args) }), fails]));
  const told = asked[1].messages.slice(2);
  assert.deepEqual(told.map(({ role, tool_call_id }) => [role, tool_call_id]), [0, 1, 2, 3].map((at) => ["tool", `c${at}`]));
  assert.equal(told[0].content, "there is no tool nothing; there are get_weather, fails");
  assert.match(told[1].content, /^the arguments are no JSON: /);
  assert.equal(told[2].content, "null", "nothing is told as null, for no message may be empty");
  assert.deepEqual(seen, [{}], "a tool that is called without arguments gets an empty object");
  assert.equal(told[3].content, "the tool failed: no such station");
  assert.deepEqual(results(events).map(({ error }) => error !== undefined), [true, true, false, true]);
  assert.equal(results(events)[3].error.message, "no such station");
  close();
});

test("the error of a tool ends the run when it shall be thrown, and ends the tools beside it", async () => {
  const { model, asked, close } = await scripted(calling(["fails", "{}"], ["waits", "{}"]));
  const error = new Error("out of paper");
  let ended;
  const tools = [
    tool({ name: "fails", run: () => Promise.reject(error) }),
    tool({ name: "waits", run: (_, { signal }) => new Promise((resolve) => (ended = signal).addEventListener("abort", resolve)) }),
  ];
  const run = runTools(model, { messages }, tools, { toolErrors: "throw" });
  assert.equal(await errorOf(run.finish()), error);
  assert.equal(await errorOf(run.finish()), error, "however often it is asked");
  assert.ok(ended.aborted);
  assert.equal(asked.length, 1);
  close();
});

test("calls that the model makes at once run at once, and are answered in their order", async () => {
  const { model, asked, close } = await scripted(calling(["first", "{}"], ["second", "{}"]), { content: "ok" });
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  const tools = [tool({ name: "first", run: async () => (await opened, "1") }), tool({ name: "second", run: () => (open(), "2") })];
  await runTools(model, { messages }, tools).finish();
  assert.deepEqual(asked[1].messages.slice(2).map(({ content }) => content), ["1", "2"]);
  close();
});

test("a model that never answers is stopped before its tools run once more", async () => {
  const { model, asked, close } = await scripted(calling(["get_weather", "{}"]));
  let runs = 0;
  const run = runTools(model, { messages }, [weather({ run: () => ((runs += 1), "sunny") })], { maxRounds: 3 });
  const error = await errorOf(run.finish());
  assert.ok(error instanceof PanguLMError);
  assert.match(error.message, /asked 3 times and still calls get_weather. raise maxRounds/);
  assert.equal(error.field, "maxRounds");
  assert.deepEqual([asked.length, runs, run.rounds], [3, 2, 3]);
  assert.equal(run.messages.length, 6, "what was said stays reachable");
  close();
});

test("a signal ends a run while the model or a tool is at work", async () => {
  for (const where of ["model", "tool"]) {
    const controller = new AbortController();
    const { signal } = controller;
    const stuck = weather({
      run: () => {
        controller.abort(new Error("enough"));
        return new Promise(() => {});
      },
    });
    const headers = where === "model" ? { "x-emulator-fault": "delay=60000; key=tools-aborted" } : {};
    const pending = errorOf(runTools(client, { messages }, [stuck], { signal, headers }).finish());
    if (where === "model") {
      while ((await emulator.requests("tools-aborted")).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      controller.abort(new Error("enough"));
    }
    const error = await pending;
    assert.ok(error instanceof PanguLMError && error.isCancelled, String(error));
    assert.equal(error.cause?.message, "enough");
  }
});

test("leaving the loop closes the connection, and abort() ends a run", async () => {
  const headers = { "x-emulator-fault": "stall-after=3; key=tools-left" };
  const quiet = [{ role: "user", content: "hello" }];
  for await (const { type } of runTools(client, { messages: quiet, stream: true }, [weather()], { headers })) if (type === "chunk") break;
  while (!(await emulator.requests("tools-left"))[0]?.closedEarly) await new Promise((resolve) => setTimeout(resolve, 10));
  const run = runTools(client, { messages }, [weather()]);
  run.abort();
  assert.ok((await errorOf(run.finish())).isCancelled);
});

test("an error of the platform ends the run with what was said so far", async () => {
  const run = runTools(client, { messages }, [weather()], { headers: { "x-emulator-fault": "status=404" } });
  const error = await errorOf(run.finish());
  assert.equal(error.status, 404);
  assert.deepEqual(run.messages, messages);
});

test("a choice that forces a tool holds for the first round alone", async () => {
  const forced = { type: "function", function: { name: "get_weather" } };
  for (const [tool_choice, later] of [["auto", "auto"], ["required", undefined], [forced, undefined]]) {
    const { model, asked, close } = await scripted(calling(["get_weather", "{}"]), { content: "ok" });
    await runTools(model, { messages, tool_choice }, [weather()]).finish();
    assert.deepEqual(asked.map((body) => body.tool_choice), [tool_choice, later]);
    close();
  }
});

test("a turn that only calls goes back without text and without its train of thought", async () => {
  const { model, asked, close } = await scripted({ ...calling(["get_weather", "{}"]), reasoning_content: "hm" }, { content: "ok" });
  await runTools(model, { messages }, [weather()]).finish();
  assert.deepEqual(Object.keys(asked[1].messages[1]).sort(), ["role", "tool_calls"]);
  close();
});

test("what cannot be a run is refused at once, by name", () => {
  const cases = [
    [{ messages }, [weather(), weather()], {}, /tools: two of them are called get_weather/],
    [{ messages }, [{ name: "", run() {} }], {}, /name: of a tool must be a text/],
    [{ messages }, [{ name: "f" }], {}, /f.run: must be a function/],
    [{ messages }, [], { maxRounds: 0 }, /maxRounds: must be a whole number from 1; got 0/],
    [{ messages }, [], { toolErrors: "ignore" }, /toolErrors: must be "tell" or "throw"; got ignore/],
    [{ messages, tools: [] }, [], {}, /tools: are not part of the request here; give them as the third argument/],
    [{}, [], {}, /messages: must be a list/],
  ];
  for (const [request, tools, options, expected] of cases) {
    assert.throws(() => runTools(client, request, tools, options), (error) => error.isInvalidInput && expected.test(error.message));
  }
});

test("a run is read once, and sends nothing before it is read", async () => {
  const never = new PanguLM({ ...emulator.address, apiKey: "k", fetch: () => assert.fail("something was sent") });
  const run = runTools(never, { messages }, [weather()]);
  await new Promise((resolve) => setImmediate(resolve));
  run[Symbol.asyncIterator]();
  assert.throws(() => run[Symbol.asyncIterator](), /a run can be read once/);
});
