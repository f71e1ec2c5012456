/** What the `middleware` option promises, and `fetch` for one call. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
const messages = [{ role: "user", content: "hello" }];

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

const make = (middleware, more = {}) => new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey, middleware, ...more });
const signing = (middleware) => {
  const { accessKeyId, secretAccessKey } = emulator.info;
  return make(middleware, { apiKey: undefined, credentials: { accessKeyId, secretAccessKey } });
};
const create = (client, options) => client.chat.completions.create({ messages }, options);
const fault = (text) => ({ headers: { "x-emulator-fault": text } });

/** The error that a promise is rejected with. */
const errorOf = (promise) =>
  promise.then(
    () => assert.fail("nothing was thrown"),
    (thrown) => thrown,
  );

test("middleware stands around every attempt, the first one outermost", async () => {
  const seen = [];
  const named = (name) => async (request, next) => {
    seen.push(`${name} asks ${request.method} ${request.operation}`);
    const response = await next(request);
    seen.push(`${name} has ${response.status}`);
    return response;
  };
  await create(make([named("outer"), named("inner")]), fault("status=503; retry-after=0; times=1; key=around"));
  const attempt = (status) => ["outer asks", "inner asks"].map((who) => `${who} POST createChatCompletionV1`).concat([`inner has ${status}`, `outer has ${status}`]);
  assert.deepEqual(seen, [...attempt(503), ...attempt(200)]);
});

test("middleware sees the credential and the body, of a login too", async () => {
  const seen = [];
  const look = async (request, next) => (seen.push([new URL(request.url).pathname, request.headers, request.body]), next(request));
  const { domain, user, password } = emulator.info.iam;
  await create(make([look], { apiKey: undefined, credentials: { domain, user, password } }));
  const [[login, , secret], [path, headers, body]] = seen;
  assert.equal(login, "/v3/auth/tokens");
  assert.ok(secret.includes(password));
  assert.match(path, /\/chat\/completions$/);
  assert.ok(headers.get("x-auth-token").length > 20);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), { messages });
});

test("a header may be added to a signed request, but what is signed may not change", async () => {
  const traced = async (request, next) => (request.headers.set("traceparent", "00-1-2-00"), next(request));
  await create(signing([traced]));
  const changes = [
    (request) => ({ ...request, body: JSON.stringify({ messages: [{ role: "user", content: "other" }] }) }),
    (request) => (request.headers.set("x-sdk-date", "20200101T000000Z"), request),
  ];
  for (const change of changes) {
    const error = await errorOf(create(signing([async (request, next) => next(change(request))]), { maxRetries: 0 }));
    assert.ok(error.isAuth, error.message);
    assert.equal(error.status, 401);
  }
});

test("middleware may answer by itself, and change an answer", async () => {
  const never = () => assert.fail("something was sent");
  const canned = { choices: [{ index: 0, message: { role: "assistant", content: "from the cache" } }] };
  const cached = async () => Response.json(canned, { headers: { "x-request-id": "cached" } });
  assert.equal((await create(make([cached], { fetch: never }))).choices[0].message.content, "from the cache");
  const louder = async (request, next) => Response.json(JSON.parse((await (await next(request)).text()).replaceAll("hello", "HELLO")));
  assert.match((await create(make([louder]))).choices[0].message.content, /HELLO/);
});

test("a stream goes through middleware piece by piece, and leaving it closes the connection", async () => {
  let answers = 0;
  const counting = async (request, next) => ((answers += 1), next(request));
  const stream = await make([counting]).chat.completions.create({ messages, stream: true }, fault("stall-after=3; key=through"));
  for await (const chunk of stream) if (chunk.choices[0].delta.content) break;
  while (!(await emulator.requests("through"))[0]?.closedEarly) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(answers, 1);
});

test("what middleware throws is thrown as it is and never tried again; what next throws is a lost connection", async () => {
  const refusal = new Error("over the budget");
  let asked = 0;
  const refusing = async () => {
    asked += 1;
    throw refusal;
  };
  assert.equal(await errorOf(create(make([refusing]))), refusal);
  assert.equal(asked, 1);

  let attempts = 0;
  const offline = async () => {
    attempts += 1;
    throw Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("nobody there"), { code: "ECONNREFUSED" }) });
  };
  const error = await errorOf(create(make([async (request, next) => next(request)], { fetch: offline, maxRetries: 1 })));
  assert.ok(error.isConnect, error.message);
  assert.equal(attempts, 2);
});

test("middleware that never goes on holds no call beyond its time or its signal", async () => {
  const stuck = () => new Promise(() => {});
  assert.ok((await errorOf(create(make([stuck], { maxRetries: 0 }), { timeout: 20 }))).isTimeout);
  const controller = new AbortController();
  const pending = errorOf(create(make([stuck]), { signal: controller.signal }));
  controller.abort();
  assert.ok((await pending).isCancelled);
});

test("middleware that gives no response is named", async () => {
  const error = await errorOf(create(make([async (request, next) => void (await next(request))])));
  assert.ok(error instanceof PanguLMError && error.isInvalidInput);
  assert.match(error.message, /middleware: must give a Response; got undefined/);
  for (const wrong of [() => {}, ["traced"], {}]) {
    assert.throws(() => make(wrong), /middleware: must be a list of functions/);
  }
});

test("one call may have a fetch and headers of its own", async () => {
  const client = make([], { fetch: () => assert.fail("the client's own fetch was asked") });
  const urls = [];
  const counted = (url, init) => (urls.push(url), fetch(url, init));
  await create(client, { fetch: counted, headers: new Headers({ "x-emulator-fault": "key=own-fetch" }) });
  assert.equal(urls.length, 1);
  assert.equal((await emulator.requests("own-fetch")).length, 1, "headers may be Headers");
});
