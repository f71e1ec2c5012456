/** Whatever becomes of calls, of a client or of wasm itself: what is left works, and no promise hangs. */

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
const messages = [{ role: "user", content: "hello" }];
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(unhandled.splice(0), [], "no rejection is left unhandled");
});

const make = (more = {}) => new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey, ...more });
const fault = (text) => ({ headers: { "x-emulator-fault": text } });
const create = (client, options) => client.chat.completions.create({ messages }, options);
const stream = (client, options) => client.chat.completions.create({ messages, stream: true }, options);

/** The error that a promise is rejected with. */
async function errorOf(promise) {
  const error = await promise.then(
    () => assert.fail("nothing was thrown"),
    (thrown) => thrown,
  );
  assert.ok(error instanceof PanguLMError, String(error));
  return error;
}

/** Waits for a condition; the runner's own timeout ends a vain wait. */
async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The wasm file at work. */
let instance;
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given);
    if (this.exports.ask !== undefined) instance = this;
  }
};

/** Fills the memory of wasm with nonsense, so that whatever runs there next traps. */
function wreck() {
  new Uint8Array(instance.exports.memory.buffer).fill(0xff);
}

test("after a trap the calls under way fail with a clear error and later calls work", async () => {
  const [client, other] = [make(), make()];
  await Promise.all([create(client), create(other)]);
  const pending = [
    errorOf(create(client, fault("delay=60000"))),
    errorOf(create(other, fault("status=503; retry-after=60"))),
    errorOf((await stream(other, fault("stall-after=3"))).finalMessage()),
  ];
  wreck();
  const first = await errorOf(create(client));
  for (const error of [first, ...(await Promise.all(pending))]) {
    assert.equal(error.kind, "internal");
    assert.match(error.message, /the engine broke down .*later ones are not concerned/);
  }
  for (const one of [client, other, make()]) {
    assert.equal((await create(one)).choices[0].finish_reason, "stop");
    const answer = await (await stream(one)).finalMessage();
    assert.equal(answer.choices[0].finish_reason, "stop");
  }
});

test("a client survives one trap after the other", async () => {
  const client = make();
  for (let round = 0; round < 5; round += 1) {
    await create(client);
    wreck();
    assert.equal((await errorOf(create(client))).kind, "internal");
  }
  await create(client);
});

test("what had arrived before a trap cannot be had, which is told", async () => {
  const client = make();
  const broken = await stream(client, fault("stall-after=3"));
  wreck();
  assert.throws(() => broken.partial(), /the engine broke down/);
  assert.match((await errorOf(broken.finalMessage())).message, /the engine broke down/);
});

test("dispose ends what is under way, and a disposed client says so", async () => {
  const client = make();
  const left = await stream(client, fault("stall-after=3; key=disposed"));
  const pending = [
    errorOf(create(client, fault("delay=60000; key=disposed"))),
    errorOf(create(client, fault("status=503; retry-after=60"))),
    errorOf(left.finalMessage()),
  ];
  await until(async () => (await emulator.requests("disposed")).length === 2);
  await until(() => left.partial().choices[0]?.message.content);
  client.dispose();
  for (const error of await Promise.all(pending)) assert.ok(error.isCancelled, error.message);
  assert.ok(left.partial().choices[0].message.content.length > 0, "what had arrived stays reachable");
  await until(async () => (await emulator.requests("disposed")).every((request) => request.closedEarly));
  const error = await errorOf(create(client));
  assert.match(error.message, /was disposed: make a new one/);
  assert.ok(error.isInvalidInput);
  client.dispose();
});

test("dispose before, during and right after the first call leaves nothing hanging", async () => {
  const unused = make();
  unused.dispose();
  await errorOf(create(unused));
  const loading = make();
  const first = errorOf(create(loading));
  loading.dispose();
  await first;
  const client = make();
  await create(client);
  const call = errorOf(create(client));
  client.dispose();
  await call;
});

test("Symbol.dispose disposes where it exists", { skip: Symbol.dispose === undefined }, async () => {
  const client = make();
  client[Symbol.dispose]();
  assert.match((await errorOf(create(client))).message, /was disposed/);
});

test("a token function or a fetch that never answers holds no call beyond its time or its signal", async () => {
  const never = () => new Promise(() => {});
  const asking = make({ apiKey: undefined, credentials: { token: never } });
  assert.ok((await errorOf(create(asking, { timeout: 50 }))).isTimeout);
  assert.ok((await errorOf(create(asking, { signal: AbortSignal.timeout(50) }))).isCancelled);
  const sending = make({ fetch: never });
  assert.ok((await errorOf(create(sending, { timeout: 50, maxRetries: 0 }))).isTimeout);
  assert.ok((await errorOf(create(sending, { signal: AbortSignal.timeout(50) }))).isCancelled);
  const disposed = errorOf(create(sending));
  sending.dispose();
  await disposed;
});

test("a body that knows nothing of signals holds no call beyond its time or its signal", async () => {
  const headers = { "content-type": "application/json" };
  const endless = async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }), { headers });
  const client = make({ fetch: endless, maxRetries: 0 });
  assert.ok((await errorOf(create(client, { timeout: 50 }))).isTimeout);
  assert.ok((await errorOf(create(client, { signal: AbortSignal.timeout(50) }))).isCancelled);
});

test("collected as garbage, clients and streams give back what they hold and harm no call", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  const collected = async () => {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  let answered = 0;
  for (let round = 0; round < 20; round += 1) void create(make()).then(() => (answered += 1));
  await until(async () => (await collected(), answered === 20));

  // One place for all: who comes next gets it only from a stream that nobody holds any more.
  const client = make({ maxConcurrency: 1 });
  const controller = new AbortController();
  await stream(client, { ...fault("stall-after=3; key=forgotten"), signal: controller.signal });
  let next = false;
  const call = create(client).then(() => (next = true));
  await until(async () => (await collected(), next));
  await call;
  await until(async () => (await emulator.requests("forgotten"))[0]?.closedEarly);
});

test("a stream that is aborted, by itself or by its signal, makes way at once although nobody reads it", async () => {
  const client = make({ maxConcurrency: 1 });
  const controller = new AbortController();
  const left = [await stream(client, fault("stall-after=3"))];
  let waiting = stream(client, { ...fault("stall-after=3"), signal: controller.signal });
  left[0].abort();
  left.push(await waiting);
  waiting = create(client);
  controller.abort();
  await waiting;
  assert.ok((await errorOf(left[0].finalMessage())).isTruncated);
  assert.ok((await errorOf(left[1].finalMessage())).isCancelled);
});

test("a hundred calls at once, every third one aborted, all end", async () => {
  const client = make({ maxConcurrency: 7, requestsPerSecond: 1000 });
  const ended = await Promise.allSettled(
    Array.from({ length: 100 }, (_, number) => {
      const signal = number % 3 === 0 ? AbortSignal.timeout(number % 11) : undefined;
      const options = signal === undefined ? {} : { signal };
      return number % 2 === 0 ? create(client, options) : stream(client, options).then((it) => it.finalMessage());
    }),
  );
  for (const [number, { status, reason }] of ended.entries()) {
    if (status === "rejected") assert.ok(number % 3 === 0 && reason.isCancelled, String(reason));
  }
  await create(client);
});
