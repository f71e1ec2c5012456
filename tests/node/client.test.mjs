/** What the npm client promises in Node, beyond the scenarios that every driver runs. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { ChatStream, PanguLM, PanguLMError, ready } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";
import { startFlood } from "../support/flood.mjs";

let emulator;
let client;
const messages = [{ role: "user", content: "介绍一下长江" }];

before(async () => {
  emulator = await startEmulator();
  client = new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey });
});
after(() => emulator.stop());

/** Headers that make a fault and tag the request for the emulator's records. */
const fault = (text, key = "") => ({ "x-emulator-fault": [text, key && `key=${key}`].filter(Boolean).join("; ") });

/** The emulator's IAM user. */
function iam() {
  const { domain, user, password } = emulator.info.iam;
  return { domain, user, password };
}

/** The error that a promise is rejected with. */
async function errorOf(promise) {
  const error = await promise.then(
    () => assert.fail("nothing was thrown"),
    (thrown) => thrown,
  );
  assert.ok(error instanceof PanguLMError, String(error));
  return error;
}

test("a chat answers whole, with usage", async () => {
  const answer = await client.chat.completions.create({ messages });
  assert.match(answer.choices[0].message.content, /介绍一下长江/);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

test("a stream gives its chunks and then the same whole answer", async () => {
  const stream = await client.chat.completions.create({ messages, stream: true });
  assert.ok(stream instanceof ChatStream);
  let text = "";
  let chunks = 0;
  for await (const chunk of stream) {
    chunks += 1;
    text += chunk.choices[0]?.delta.content ?? "";
  }
  assert.ok(chunks >= 20, `${chunks} chunks`);
  const whole = await stream.finalMessage();
  assert.equal(whole.choices[0].message.content, text);
  assert.equal(whole.object, "chat.completion");
  assert.ok(whole.usage.completion_tokens > 0);
});

test("finalMessage alone reads the stream", async () => {
  const stream = await client.chat.completions.create({ messages, stream: true });
  const whole = await stream.finalMessage();
  assert.equal(whole.choices[0].finish_reason, "stop");
});

test("leaving the loop closes the connection", async () => {
  const stream = await client.chat.completions.create(
    { messages, stream: true },
    { headers: fault("stall-after=3", "left") },
  );
  for await (const chunk of stream) if (chunk.choices[0].delta.content) break;
  await until(async () => (await emulator.requests("left"))[0]?.closedEarly);
});

test("a signal ends a stream, whose part stays reachable", async () => {
  const controller = new AbortController();
  const stream = await client.chat.completions.create(
    { messages, stream: true },
    { signal: controller.signal, headers: fault("stall-after=5", "aborted") },
  );
  const reading = (async () => {
    for await (const chunk of stream) if (chunk.choices[0].delta.content) controller.abort(new Error("enough"));
  })();
  const error = await errorOf(reading);
  assert.ok(error.isCancelled);
  assert.equal(error.cause.message, "enough");
  assert.ok(stream.partial().choices[0].message.content.length > 0);
  await until(async () => (await emulator.requests("aborted"))[0]?.closedEarly);
});

test("a signal ends a call that waits for its answer, its retry or nothing at all", async () => {
  const aborted = AbortSignal.abort();
  assert.ok((await errorOf(client.chat.completions.create({ messages }, { signal: aborted }))).isCancelled);
  for (const headers of [fault("delay=60000"), fault("status=503; retry-after=60")]) {
    const signal = AbortSignal.timeout(100);
    assert.ok((await errorOf(client.chat.completions.create({ messages }, { signal, headers }))).isCancelled);
  }
});

test("a timeout ends a call that gets no answer", async () => {
  const error = await errorOf(
    client.chat.completions.create({ messages }, { timeout: 100, maxRetries: 0, headers: fault("delay=60000") }),
  );
  assert.ok(error.isTimeout);
});

test("a silent stream is an error after the idle timeout", async () => {
  const impatient = new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey, idleTimeout: 1000 });
  const stream = await impatient.chat.completions.create({ messages, stream: true }, { headers: fault("stall-after=3") });
  const error = await errorOf(stream.finalMessage());
  assert.ok(error.isStalled);
  assert.ok(stream.partial().choices[0].message.content.length > 0);
});

test("a reader that is busy for longer than the idle timeout is no silence", async () => {
  const impatient = new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey, idleTimeout: 1000 });
  const busy = async (headers) => {
    let chunks = 0;
    const stream = await impatient.chat.completions.create({ messages, stream: true }, { headers });
    for await (const _ of stream) if (chunks++ === 0) await new Promise((resolve) => setTimeout(resolve, 1500));
    return chunks;
  };
  assert.ok((await busy({})) > 3);
  // What falls silent after that is noticed all the same.
  assert.ok((await errorOf(busy(fault("stall-after=3")))).isStalled);
});

test("an answer that the platform cut short is told and kept", async () => {
  const options = { headers: fault("finish=content_filter") };
  const error = await errorOf(client.chat.completions.create({ messages }, options));
  assert.ok(error.isContentFiltered && !error.isOutOfResources);
  assert.match(error.partial.choices[0].message.content, /介绍一下长江/);

  const stream = await client.chat.completions.create({ messages, stream: true }, options);
  const streamed = await errorOf(stream.finalMessage());
  assert.ok(streamed.isContentFiltered);
  assert.deepEqual(streamed.partial, stream.partial());
  assert.equal(streamed.partial.choices[0].finish_reason, "content_filter");
  assert.equal((await errorOf(client.request("countToken", {}, {}))).partial, undefined);
});

test("a reader that waits holds the server back", async () => {
  const flood = await startFlood();
  const slow = new PanguLM({ endpoint: flood.endpoint, apiKey: "k", model: "m" });
  const stream = await slow.chat.completions.create({ messages, stream: true });
  const chunks = stream[Symbol.asyncIterator]();
  await chunks.next();
  const atRest = await flood.atRest();
  assert.ok(atRest < 32 << 20, `${atRest} bytes`);
  for (let read = 0; read < 2 * atRest; read += flood.piece) await chunks.next();
  assert.ok(flood.written() > atRest, "it goes on when it is read");
  await chunks.return();
  flood.stop();
});

/**
 * A server whose streams end in `[DONE]` and, later or never, in the end of the body. `ended` is told of
 * each body that is sent to its end.
 */
async function server(end, ended = () => {}) {
  const connections = new Set();
  const served = createServer(async (request, response) => {
    response.on("finish", ended);
    connections.add(request.socket);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    await end(response);
    response.end();
  });
  await new Promise((resolve) => served.listen(0, "127.0.0.1", resolve));
  const options = { endpoint: `http://127.0.0.1:${served.address().port}`, apiKey: "k", model: "m", maxRetries: 0 };
  return { client: new PanguLM(options), connections, close: () => served.close(served.closeAllConnections()) };
}

test("a stream that was read to its end leaves its connection to the next call", async () => {
  let bodies = 0;
  const later = () => new Promise((resolve) => setTimeout(resolve, 20));
  const { client, connections, close } = await server(later, () => (bodies += 1));
  for (let round = 1; round <= 3; round += 1) {
    const stream = await client.chat.completions.create({ messages, stream: true });
    await stream.finalMessage();
    // The end of the body is read behind the caller's back: each turn looks at the sockets.
    await until(() => bodies === round);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(connections.size, 1);
  close();
});

test("nobody waits for a body that goes on after its end mark, and its connection is closed", async () => {
  for (const end of [
    () => new Promise(() => {}),
    async (response) => {
      while (!response.destroyed) {
        response.write("x".repeat(4096));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  ]) {
    const { client, connections, close } = await server(end);
    const stream = await client.chat.completions.create({ messages, stream: true });
    assert.equal((await stream.finalMessage()).choices[0].message.content, "a");
    await until(() => [...connections].every((socket) => socket.destroyed));
    close();
  }
});

test("a stream can be read as a ReadableStream, and cancelling it closes the connection", async () => {
  const stream = await client.chat.completions.create(
    { messages, stream: true },
    { headers: fault("stall-after=3", "cancelled") },
  );
  const reader = stream.toReadableStream().getReader();
  assert.equal((await reader.read()).done, false);
  await reader.cancel();
  await until(async () => (await emulator.requests("cancelled"))[0]?.closedEarly);
});

test("pieces of another realm are read, as a page of jsdom gets them from Node", async () => {
  const Foreign = runInNewContext("Uint8Array");
  const foreign = new TransformStream({ transform: (piece, controller) => controller.enqueue(new Foreign(piece)) });
  const across = async (url, init) => {
    const { body, status, headers } = await fetch(url, init);
    // A Response would make them its own.
    return { status, headers, body: body.pipeThrough(foreign) };
  };
  const stream = await client.chat.completions.create({ messages, stream: true }, { fetch: across });
  assert.match((await stream.finish()).choices[0].message.content, /介绍一下长江/);
});

test("a stream is read once", async () => {
  const stream = await client.chat.completions.create({ messages, stream: true });
  await stream.finalMessage();
  assert.throws(() => stream[Symbol.asyncIterator](), /read once/);
});

test("64 calls at once with a password fetch one token", async () => {
  let fetched = 0;
  const counting = (url, init) => {
    fetched += url.includes("/auth/tokens");
    return fetch(url, init);
  };
  const fresh = new PanguLM({ ...emulator.address, credentials: iam(), fetch: counting });
  await Promise.all(Array.from({ length: 64 }, () => fresh.chat.completions.create({ messages })));
  assert.equal(fetched, 1);
});

test("a call that waits for another's token has a time of its own", async () => {
  const end = new AbortController();
  const hanging = (url, init) =>
    url.includes("/auth/tokens")
      ? new Promise((_, reject) => end.signal.addEventListener("abort", () => reject(new Error("no IAM"))))
      : fetch(url, init);
  const fresh = new PanguLM({ ...emulator.address, credentials: iam(), fetch: hanging, maxRetries: 0 });
  const fetching = errorOf(fresh.chat.completions.create({ messages }));
  assert.ok((await errorOf(fresh.chat.completions.create({ messages }, { timeout: 100 }))).isTimeout);
  end.abort();
  assert.match((await fetching).message, /no IAM/);
});

test("aborting the call that fetches the token hands that over to who waits", async () => {
  let asked = 0;
  const hangingOnce = (url, init) => {
    if (!url.includes("/auth/tokens") || (asked += 1) > 1) return fetch(url, init);
    return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
  };
  let waits = false;
  const logger = ({ event }) => (waits ||= event === "wait");
  const fresh = new PanguLM({ ...emulator.address, credentials: iam(), fetch: hangingOnce, logger });
  const first = new AbortController();
  const fetching = errorOf(fresh.chat.completions.create({ messages }, { signal: first.signal }));
  await until(() => asked === 1);
  const waiting = fresh.chat.completions.create({ messages });
  await until(() => waits);
  first.abort();
  assert.ok((await fetching).isCancelled);
  assert.equal((await waiting).choices[0].finish_reason, "stop");
  assert.equal(asked, 2);
});

test("a token function is asked once and again when its token is refused", async () => {
  let asked = 0;
  const issue = async () => {
    asked += 1;
    if (asked === 1) return "stale-token";
    const helper = new PanguLM({ ...emulator.address, fetch: keepToken });
    let token;
    async function keepToken(url, init) {
      const answer = await fetch(url, init);
      token = answer.headers.get("x-subject-token");
      return answer;
    }
    const { domain, user, password } = iam();
    const identity = { methods: ["password"], password: { user: { name: user, password, domain: { name: domain } } } };
    const scope = { project: { name: emulator.info.region } };
    await helper.request("createToken", {}, { auth: { identity, scope } });
    return { token, expiresAt: Date.now() + 3_600_000 };
  };
  const fresh = new PanguLM({ ...emulator.address, credentials: { token: issue } });
  await fresh.chat.completions.create({ messages });
  await fresh.chat.completions.create({ messages });
  assert.equal(asked, 2);
});

test("a token function that throws fails the call with its reason", async () => {
  const fresh = new PanguLM({ ...emulator.address, credentials: { token: () => Promise.reject(new Error("no backend")) } });
  const error = await errorOf(fresh.chat.completions.create({ messages }));
  assert.match(error.message, /token: the token function failed: no backend/);
});

test("a large signed body is hashed by the host and accepted", async () => {
  const { accessKeyId, secretAccessKey } = emulator.info;
  const signing = new PanguLM({ ...emulator.address, credentials: { accessKeyId, secretAccessKey } });
  const long = "长".repeat(40_000);
  const answer = await signing.chat.completions.create({ messages: [{ role: "user", content: long }] });
  assert.equal(answer.usage.prompt_tokens, 40_000);
});

test("any operation is reachable by its id", async () => {
  const count = await client.request("countTokens", {}, { data: ["你好,请介绍下西安。"] });
  assert.equal(count.token_number, count.tokens.length);
  const error = await errorOf(client.request("countToken", {}, { data: ["x"] }));
  assert.match(error.message, /did you mean "countTokens"/);
});

test("withResponse gives what a call gives, with the head of its answer: chats, streams and late groups too", async () => {
  const head = ({ status, attempts, requestId, header }) => {
    assert.deepEqual([status, attempts], [200, 1]);
    assert.equal(header("X-Request-Id"), requestId);
    assert.equal(header("x-none"), undefined);
  };
  const { chat, text, agents } = client;
  const whole = await chat.completions.create({ messages }).withResponse();
  assert.match(whole.data.choices[0].message.content, /介绍一下长江/);
  head(whole);
  const streams = [
    chat.completions.create({ messages, stream: true }),
    text.complete({ prompt: "介绍一下长江", stream: true }),
    agents.run({ agent: emulator.info.agentId, query: "贵阳的天气" }),
  ];
  for (const call of streams) {
    const streamed = await call.withResponse();
    assert.equal(streamed.data, await call, "there is one stream");
    assert.equal(streamed.data.requestId, streamed.requestId);
    head(streamed);
    await streamed.data.finish();
  }
  const error = await errorOf(chat.completions.create({ messages }, { headers: fault("status=404") }).withResponse());
  assert.equal(error.status, 404);
});

test("a client without arguments takes everything from the environment", async () => {
  const { url, projectId, deploymentId, apiKey } = emulator.info;
  const variables = {
    PANGU_ENDPOINT: `${url}/v1/${projectId}/deployments/${deploymentId}/chat/completions`,
    PANGU_API_KEY: apiKey,
  };
  Object.assign(process.env, variables);
  try {
    const answer = await new PanguLM().chat.completions.create({ messages });
    assert.equal(answer.choices[0].finish_reason, "stop");
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
});

test("behind a proxy that adds the credential none is sent", async () => {
  let seen;
  const proxy = (url, init) => {
    seen = Object.fromEntries(init.headers);
    return fetch(url, { ...init, headers: [...init.headers, ["x-apig-appcode", emulator.info.apiKey]] });
  };
  const proxied = new PanguLM({ ...emulator.address, credentials: { proxied: true }, fetch: proxy });
  await proxied.chat.completions.create({ messages });
  assert.deepEqual(Object.keys(seen).sort(), ["accept", "content-type"]);
});

test("wrong options are refused at once, with their name", () => {
  assert.throws(() => new PanguLM({ endpoit: "x" }), /endpoit: is no option/);
  assert.throws(() => new PanguLM({ timeout: "60" }), /timeout: must be a number; got string/);
  assert.throws(() => new PanguLM({ credentials: { apikey: "x" } }), /apikey: is no credential/);
});

test("what only the engine can check is refused on first use, before anything is sent", async () => {
  const never = () => assert.fail("something was sent");
  const cases = [
    [{ endpoint: "http://192.0.2.1", apiKey: "k" }, /endpoint: must be https/],
    [{ endpoint: "ftp://h", apiKey: "k" }, /endpoint: must begin with https/],
    [{ apiKey: "a b" }, /apiKey: cannot be a credential/],
    [{ projectId: "p", deployment: "d" }, /the client has no credential; give it/],
    [{ apiKey: "k", model: "m" }, /endpoint: is needed for V2/],
    [{ apiKey: "k", deployment: "d" }, /project_id: is missing: set the client's projectId/],
  ];
  for (const [options, expected] of cases) {
    const error = await errorOf(new PanguLM({ ...options, fetch: never }).chat.completions.create({ messages }));
    assert.match(error.message, expected);
  }
});

test("errors are recognised across copies of the package", () => {
  const foreign = { [Symbol.for("pangulm.PanguLMError")]: true };
  assert.ok(foreign instanceof PanguLMError);
  assert.ok(!(new Error("x") instanceof PanguLMError));
});

test("no secret shows in an error or an inspected client", async () => {
  const { inspect } = await import("node:util");
  const secrets = ["secret-api-key", "secret-token"];
  const wrong = new PanguLM({ ...emulator.address, apiKey: secrets[0], credentials: { token: secrets[1] }, maxRetries: 0 });
  const error = await errorOf(wrong.chat.completions.create({ messages }));
  const shown = [inspect(error, { depth: 9 }), JSON.stringify(error), inspect(wrong, { depth: 9 }), JSON.stringify(wrong)].join();
  for (const secret of secrets) assert.ok(!shown.includes(secret), shown);
});

test("loading ahead is optional and may be asked for twice", async () => {
  await Promise.all([ready(), ready()]);
});

/** Waits for a condition; the runner's own timeout ends a vain wait. */
async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
