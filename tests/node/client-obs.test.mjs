/** What `client.obs()` promises. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, beforeEach, test } from "node:test";
import { importSecretKey, PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { Bucket } from "../../pkg/dist/obs/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let key;
let login;
const BUCKET = "emulator-bucket";

before(async () => {
  emulator = await startEmulator();
  const { accessKeyId, secretAccessKey, iam } = emulator.info;
  key = { accessKeyId, secretAccessKey };
  login = { domain: iam.domain, user: iam.user, password: iam.password };
});
after(() => emulator?.stop());
beforeEach(() => control("reset"));

const control = (what, body = {}) => fetch(`${emulator.info.url}/_emulator/${what}`, { method: "POST", body: JSON.stringify(body) });

/** A client with these credentials, or with others of its options. */
const make = (credentials, more = {}) => new PanguLM({ ...emulator.address, obsEndpoint: emulator.info.obsUrl, credentials, ...more });
const bucketOf = (client) => client.obs().bucket(BUCKET);

/** How often the emulator was asked for this. */
async function count(operation) {
  const { requests } = await (await fetch(`${emulator.info.url}/_emulator/requests`)).json();
  return requests.filter(({ operationId }) => operationId === operation).length;
}

test("a bucket of a client does with the client's key what one of pangulm/obs does", async () => {
  const bucket = bucketOf(make(key));
  await bucket.put("a/1", "one", { metadata: { Origin: "station 7" } });
  await bucket.upload("a/2", new Blob(["two"]));
  assert.deepEqual((await bucket.head("a/1")).metadata, { origin: "station 7" });
  assert.equal(await (await bucket.get("a/2")).text(), "two");
  const keys = [];
  for await (const entry of bucket.list({ prefix: "a/", pageSize: 1 })) keys.push(entry.key);
  assert.deepEqual(keys, ["a/1", "a/2"]);
  assert.equal((await bucket.list({ prefix: "a/" }).next()).value.key, "a/1");
  assert.equal(await (await fetch(await bucket.presign("a/1", 60))).text(), "one");
  assert.deepEqual(await bucket.cors(), []);
  await bucket.delete("a/1");
  await assert.rejects(bucket.head("a/1"), (error) => error instanceof PanguLMError && error.isNotFound);
});

test("key, address and region come from the environment, too", async (t) => {
  const { obsUrl, accessKeyId, secretAccessKey } = emulator.info;
  const variables = { PANGU_OBS_ENDPOINT: ` ${obsUrl} `, HUAWEICLOUD_SDK_AK: accessKeyId, HUAWEICLOUD_SDK_SK: secretAccessKey };
  for (const [name, value] of Object.entries(variables)) {
    process.env[name] = value;
    t.after(() => delete process.env[name]);
  }
  await bucketOf(new PanguLM()).put("environment", "x");
  assert.equal(await count("obs.putObject"), 1);
  delete process.env.PANGU_OBS_ENDPOINT;
  process.env.PANGU_REGION = "af-south-1";
  t.after(() => delete process.env.PANGU_REGION);
  assert.match(await bucketOf(new PanguLM()).presign("k", 60), /^https:\/\/emulator-bucket\.obs\.af-south-1\.myhuaweicloud\.com\/k\?/);
});

test("a client without a key gets a temporary one, once for all, and renews it when it is refused", async () => {
  const client = make(login);
  await Promise.all([bucketOf(client).put("one", "1"), client.obs().bucket(BUCKET).put("two", "2")]);
  assert.equal(await count("createTemporaryAccessKey"), 1);
  await control("revoke-tokens");
  assert.equal(await (await bucketOf(client).get("one")).text(), "1");
  // The first one by the token that was revoked as well.
  assert.equal(await count("createTemporaryAccessKey"), 3);
  await control("revoke-tokens");
  // A refused HEAD has no words.
  assert.equal((await bucketOf(client).head("one")).size, 1);
});

test("a temporary key is renewed before it ends", async (t) => {
  const client = make(login);
  await bucketOf(client).put("it", "x");
  const now = performance.now.bind(performance);
  let later = 0;
  t.mock.method(performance, "now", () => now() + later);
  later = 0.79 * 3_600_000;
  await bucketOf(client).head("it");
  assert.equal(await count("createTemporaryAccessKey"), 1);
  later = 0.81 * 3_600_000;
  await bucketOf(client).head("it");
  assert.equal(await count("createTemporaryAccessKey"), 2);
});

test("temporary keys that were asked for sign alone, also for a key that cannot be read", async () => {
  const seen = [];
  const look = (request, next) => (seen.push(request), next(request));
  await bucketOf(make({ ...key, temporarySeconds: 900 }, { middleware: [look] })).put("it", "x");
  const unreadable = { ...key, secretAccessKey: await importSecretKey(key.secretAccessKey) };
  await bucketOf(make(unreadable, { middleware: [look] })).put("it", "x");
  const puts = seen.filter(({ operation }) => operation === "obs.putObject");
  assert.equal(puts.length, 2);
  for (const { url } of puts) assert.ok(new URL(url).searchParams.has("x-amz-security-token"));
  const asked = seen.filter(({ operation }) => operation === "createTemporaryAccessKey");
  const seconds = asked.map(({ body }) => JSON.parse(new TextDecoder().decode(body)).auth.identity.token.duration_seconds);
  assert.deepEqual(seconds, [900, 3_600]);
});

test("an agency's key is asked for by whoever the client is", async () => {
  const seen = [];
  const answer = async (request, next) => {
    if (request.operation !== "createTemporaryAccessKey") return next(request);
    seen.push(JSON.parse(new TextDecoder().decode(request.body)).auth.identity);
    assert.match(request.headers.get("authorization"), /^SDK-HMAC-SHA256/);
    const credential = { access: key.accessKeyId, secret: key.secretAccessKey, securitytoken: "agency", expires_at: "2099-01-01T00:00:00.000000Z" };
    return new Response(JSON.stringify({ credential }), { status: 201, headers: { "content-type": "application/json" } });
  };
  await bucketOf(make({ ...key, agency: "a", agencyDomain: "d" }, { middleware: [answer] })).put("it", "x");
  assert.deepEqual(seen, [{ methods: ["assume_role"], assume_role: { agency_name: "a", domain_name: "d", duration_seconds: 3_600 } }]);
});

test("an API key alone is refused before anything is sent", async () => {
  for (const client of [make(undefined, { apiKey: emulator.info.apiKey }), make({})]) {
    await assert.rejects(bucketOf(client).head("it"), (error) => {
      assert.deepEqual([error.kind, error.field, error.isAuth], ["credential", "credentials", true]);
      assert.match(error.message, /HUAWEICLOUD_SDK_AK/);
      return true;
    });
  }
  const { requests } = await (await fetch(`${emulator.info.url}/_emulator/requests`)).json();
  assert.equal(requests.length, 0);
});

test("what cannot stand is refused by name before anything is sent", async () => {
  const wrong = (options) => bucketOf(make(key, options)).head("it");
  await assert.rejects(wrong({ obsEndpoint: "https://h/bucket" }), { field: "obsEndpoint" });
  await assert.rejects(wrong({ obsEndpoint: "http://obs.example" }), (error) => error.field === "obsEndpoint" && /allowPlainHttp/.test(error.message));
  await assert.rejects(wrong({ obsEndpoint: "http://192.0.2.7" }), { field: "obsEndpoint" });
  await assert.rejects(wrong({ region: "nowhere!" }), { field: "region" });
  assert.throws(() => make(key, { obsEndpont: "x" }), /did you mean obsEndpoint\?/);
  await assert.rejects(make(key).obs().bucket("").head("it"), { field: "bucket" });
  await assert.rejects(make(key).obs().customDomain("https://data.example.com/x").head("it"), { field: "custom domain" });
  assert.equal(await count("obs.headObject"), 0);
});

test("the client's middleware, logger, fetch and retries are those of its objects", async () => {
  const [seen, events, sent] = [[], [], []];
  const traced = async (request, next) => {
    seen.push(`${request.operation} ${request.method}`);
    if (request.operation.startsWith("obs.")) request.headers.set("x-emulator-fault", "status=503; retry-after=0; times=1; key=around");
    return next(request);
  };
  const logger = (event) => events.push(event);
  const send = (url, init) => (sent.push(init.method), fetch(url, init));
  const client = make(login, { middleware: [traced], logger, fetch: send });
  await bucketOf(client).put("it", "x");
  const iam = ["createTemporaryAccessKey POST", "createTemporaryAccessKey POST"];
  assert.deepEqual(seen, [...iam, "obs.putObject PUT", "obs.putObject PUT"]);
  assert.deepEqual(sent, ["POST", "POST", "PUT", "PUT"]);
  const told = events.filter(({ operation }) => operation === "obs.putObject");
  assert.deepEqual(told.map(({ event }) => event), ["attempt", "answer", "wait", "attempt", "answer", "success"]);
  assert.equal(told.at(-1).attempts, 2);
  assert.equal(told[0].url, `${emulator.info.obsUrl}/${BUCKET}/it`);
  assert.doesNotMatch(JSON.stringify(events), /Signature|security-token/);
  const never = make(key, { maxRetries: 0, middleware: [traced] });
  await control("reset");
  await assert.rejects(bucketOf(never).head("it"), { status: 503, attempts: 1 });
});

test("a client that is disposed ends its objects' calls, and makes no more", async () => {
  const client = make(key, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, "x-emulator-fault": "delay=60000; key=disposed" } }) });
  const bucket = bucketOf(client);
  const under = bucket.head("it");
  const asked = assert.rejects(under, (error) => error.isCancelled && /disposed/.test(error.message));
  while ((await emulator.requests("disposed")).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  client.dispose();
  await asked;
  await assert.rejects(bucket.head("it"), /disposed/);
});

test("URLs signed elsewhere need no key of the client", async () => {
  const server = new Bucket(BUCKET, { endpoint: emulator.info.obsUrl, credentials: key });
  const sign = ({ key: object, method, contentType }) => server.presign(object, 60, { method, ...(contentType && { contentType }) });
  const bucket = make(undefined, { apiKey: emulator.info.apiKey }).obs({ sign }).bucket(BUCKET);
  await bucket.put("signed", "elsewhere");
  assert.equal(await (await bucket.get("signed")).text(), "elsewhere");
});

test("an object over the client's limit is to be read in pieces", async () => {
  const bucket = bucketOf(make(key, { maxAnswerBytes: 4 }));
  await bucket.put("it", "12345");
  const tooLarge = (error) => error.kind === "too_large" && /maxAnswerBytes, 4; read it in pieces/.test(error.message);
  await assert.rejects((await bucket.get("it")).bytes(), tooLarge);
  const pieces = [];
  for await (const piece of await bucket.get("it")) pieces.push(piece);
  assert.equal(Buffer.concat(pieces).toString(), "12345");
});

test("a custom domain is signed as one", async () => {
  const bucket = make(key).obs().customDomain("https://data.example.com");
  const url = new URL(await bucket.presign("a/b", 60));
  assert.equal(url.origin + url.pathname, "https://data.example.com/a/b");
  assert.ok(url.searchParams.has("AWSAccessKeyId"));
});

test("every entry that Node can load has the objects", async () => {
  const dist = new URL("../../pkg/dist/", import.meta.url);
  const require = createRequire(import.meta.url);
  for (const entry of ["inline.js", "slim.js", "node.cjs", "inline.cjs", "slim.cjs"]) {
    const url = new URL(entry, dist);
    const { PanguLM, ready } = entry.endsWith(".cjs") ? require(url.pathname) : await import(url);
    if (entry.startsWith("slim")) await ready(await readFile(new URL("pangulm-signing.wasm", dist)));
    const client = new PanguLM({ ...emulator.address, obsEndpoint: emulator.info.obsUrl, credentials: key });
    await client.obs().bucket(BUCKET).put(entry, entry);
    assert.equal(await (await client.obs().bucket(BUCKET).get(entry)).text(), entry);
  }
});
