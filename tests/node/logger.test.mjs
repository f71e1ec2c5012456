/** What the `logger` option is told. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { PanguLM } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
const messages = [{ role: "user", content: "hello" }];

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

/** A client and the events that it tells. */
function logging(more = {}) {
  const events = [];
  const logger = (event) => events.push(event);
  return { client: new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey, logger, ...more }), events };
}

const shown = (events) =>
  events.map(({ event, status, attempts, error }) => [event, status ?? attempts ?? error?.kind].filter(Boolean).join(" "));

test("the logger is told every attempt, wait and reason with the request's id", async () => {
  const { client, events } = logging();
  const headers = { "x-emulator-fault": "status=503; retry-after=0; times=1; key=logged" };
  await client.chat.completions.create({ messages }, { headers });
  assert.deepEqual(shown(events), ["attempt", "answer 503", "wait", "attempt", "answer 200", "success 200"]);
  const [attempt, refused, wait, , answer, success] = events;
  assert.ok(events.every(({ operation }) => operation === "createChatCompletionV1"));
  assert.equal(attempt.method, "POST");
  assert.ok(attempt.url.endsWith("/chat/completions"), attempt.url);
  assert.equal(wait.milliseconds, 0);
  assert.match(wait.reason, /Inner service exception.*status 503/);
  const ids = (await emulator.requests("logged")).map(({ requestId }) => requestId);
  assert.deepEqual([refused.requestId, answer.requestId], ids);
  assert.deepEqual([wait.requestId, success.requestId], ids);
  assert.equal(success.attempts, 2);
});

test("the logger is told why a call, or a stream, failed", async () => {
  const { client, events } = logging({ maxRetries: 0 });
  const failing = (fault) => ({ headers: { "x-emulator-fault": fault } });
  await assert.rejects(client.chat.completions.create({ messages }, failing("status=404")));
  const refusal = events.at(-1);
  assert.deepEqual([refusal.event, refusal.error.status, refusal.attempts], ["failure", 404, 1]);
  assert.equal(refusal.requestId, refusal.error.requestId);

  const stream = await client.chat.completions.create({ messages, stream: true }, failing("drop-after=2"));
  await assert.rejects(stream.finalMessage());
  const cut = events.at(-1);
  assert.deepEqual([cut.event, cut.error.kind, cut.requestId], ["failure", "truncated", stream.requestId]);
});

test("the logger is told of requests to IAM and of waits for another call", async () => {
  const { domain, user, password } = emulator.info.iam;
  const { client, events } = logging({ apiKey: undefined, credentials: { domain, user, password } });
  await Promise.all([1, 2].map(() => client.chat.completions.create({ messages })));
  assert.equal(events.filter(({ url }) => url?.includes("/v3/auth/tokens")).length, 1);
  assert.equal(events.filter(({ event, reason }) => event === "wait" && reason.includes("another call")).length, 1);
});

test("a logger that throws or rejects harms no call", async () => {
  const unhandled = [];
  const keep = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", keep);
  const loggers = [
    () => {
      throw new Error("full disk");
    },
    async () => {
      throw new Error("full disk");
    },
  ];
  for (const logger of loggers) {
    const { client } = logging({ logger });
    await client.chat.completions.create({ messages });
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", keep);
  assert.deepEqual(unhandled, []);
});

test("no secret is ever told to the logger", async () => {
  const { accessKeyId, secretAccessKey, apiKey } = emulator.info;
  const { domain, user, password } = emulator.info.iam;
  const told = [];
  const cases = [
    { apiKey },
    { apiKey: "secret-wrong-key" },
    { credentials: { accessKeyId, secretAccessKey } },
    { credentials: { domain, user, password } },
    { credentials: { token: "secret-token" } },
  ];
  for (const options of cases) {
    const { client, events } = logging({ apiKey: undefined, maxRetries: 0, ...options });
    await client.chat.completions.create({ messages }).catch(() => {});
    told.push(inspect(events, { depth: 9 }), JSON.stringify(events));
  }
  const text = told.join();
  for (const secret of [apiKey, "secret-wrong-key", secretAccessKey, password, "secret-token"]) {
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
});
