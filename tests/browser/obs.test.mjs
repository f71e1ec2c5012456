/** What `pangulm/obs` and `client.obs()` promise in a real page, which OBS serves only by the bucket's own rule. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { PanguLM } from "../../pkg/dist/node.js";
import { Bucket } from "../../pkg/dist/obs/node.js";
import { presign } from "../../pkg/dist/signer/node.js";
import { launchBrowser } from "../support/browser.mjs";
import { startEmulator } from "../support/emulator.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
const TYPES = { js: "text/javascript", wasm: "application/wasm" };
/** What the page has loaded. */
let asked = [];
/** What it wanted to have signed. */
let signed = [];
let emulator;
let key;
let bucket;
let site;
let origin;
let browser;
let page;

before(async () => {
  // Without --cors: what a page may do with a bucket is for the bucket's rules to say.
  emulator = await startEmulator();
  const { obsUrl, obsBucket, accessKeyId, secretAccessKey } = emulator.info;
  key = { accessKeyId, secretAccessKey };
  bucket = new Bucket(obsBucket, { endpoint: obsUrl, credentials: key });
  // From another origin than OBS, as every page is.
  site = createServer(serve);
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${site.address().port}`;
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  site?.close();
  await emulator?.stop();
});
beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  [asked, signed] = [[], []];
  await page.exposeFunction("sign", (request) => {
    signed.push(request);
    return presign({ ...key, ...request, endpoint: emulator.info.obsUrl, addressing: "path", expiresIn: 60 });
  });
  await page.goto(origin);
});

async function serve(request, response) {
  const path = request.url.slice(1);
  asked.push(path);
  if (path === "") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>test</title>");
  const body = await readFile(new URL(path, dist)).catch(() => undefined);
  response.writeHead(body ? 200 : 404, { "content-type": TYPES[path.split(".").pop()] ?? "text/plain" }).end(body);
}

/** Lets pages of this origin do everything but change the rule. */
const allow = (pages, exposed = ["ETag", "Content-Range", "x-obs-request-id"]) =>
  bucket.setCors([{ origins: [pages], methods: ["GET", "PUT", "POST", "DELETE", "HEAD"], headers: ["*"], exposed }]);

/** What a page does with objects; runs in the page. */
async function work({ name, options, folder }) {
  const { Bucket, PanguLMError } = await import("/obs/browser.js");
  const bucket = new Bucket(name, options ?? { sign: window.sign });
  const put = await bucket.put(`${folder}/数据 1+2`, "0123456789", { contentType: "text/plain" });
  const large = await bucket.upload(`${folder}/large`, new Blob([new Uint8Array(250 << 10)]), { partSize: 100 << 10 });
  const range = await bucket.get(`${folder}/数据 1+2`, { start: 2, end: 5 });
  const text = await range.text();
  const listed = [];
  for await (const entry of bucket.list({ prefix: `${folder}/`, pageSize: 1 })) listed.push([entry.key, entry.size]);
  for (const [key] of listed) await bucket.delete(key);
  const gone = await bucket.head(`${folder}/large`).catch((error) => error instanceof PanguLMError && error.isNotFound);
  return { text, size: range.info.size, parts: large.etag, hasId: put.requestId !== undefined, listed, gone };
}

const WORKED = (folder) => ({
  text: "234",
  size: 10,
  hasId: true,
  listed: [[`${folder}/large`, 250 << 10], [`${folder}/数据 1+2`, 10]],
  gone: true,
});

async function works(given) {
  const { parts, ...rest } = await page.evaluate(work, { name: emulator.info.obsBucket, ...given });
  assert.match(parts, /-3"$/);
  assert.deepEqual(rest, WORKED(given.folder));
}

test("without a rule for its origin a page is told of the rule, and nothing is put", async () => {
  for (const rule of [() => bucket.setCors([]), () => allow("https://another.example")]) {
    await rule();
    const error = await page.evaluate(async (name) => {
      const { Bucket } = await import("/obs/browser.js");
      const bucket = new Bucket(name, { sign: window.sign });
      return bucket.put("k", "x").catch(({ kind, message, remedy, attempts }) => ({ kind, message, remedy, attempts }));
    }, emulator.info.obsBucket);
    assert.equal(error.kind, "connect");
    assert.match(error.remedy, /CORS rule of the bucket allows this page's origin/);
    assert.doesNotMatch(error.message, /Signature|certificate/);
    // A page cannot tell a rule that is missing from a network that failed, so it has tried again.
    assert.equal(error.attempts, 3);
  }
  const { requests } = await (await fetch(`${emulator.info.url}/_emulator/requests`)).json();
  const of = (name) => requests.filter(({ operationId }) => operationId === name).length;
  assert.deepEqual([of("obs.putObject"), of("obs.preflight") > 0], [0, true]);
});

test("with presigned URLs a page puts, gets, lists and deletes, and loads no key and no wasm", async () => {
  await allow(origin);
  await works({ folder: "presigned" });
  assert.ok(signed.length >= 10);
  assert.deepEqual(asked.filter((path) => path.endsWith(".wasm")), []);
});

test("with temporary keys it signs itself, and loads nothing of the client", async () => {
  await allow(origin);
  const client = new PanguLM({ ...emulator.address, credentials: key });
  const identity = { methods: ["token"], token: { duration_seconds: 900 } };
  const { credential } = await client.iam.createTemporaryAccessKey({ auth: { identity } });
  const credentials = { accessKeyId: credential.access, secretAccessKey: credential.secret, securityToken: credential.securitytoken };
  await works({ folder: "temporary", options: { endpoint: emulator.info.obsUrl, credentials } });
  assert.equal(signed.length, 0);
  assert.deepEqual(asked.filter((path) => path.endsWith(".wasm")), ["signer.wasm"]);
  const scripts = asked.filter((path) => path.endsWith(".js"));
  assert.ok(scripts.length > 0);
  for (const path of scripts) assert.doesNotMatch(readFileSync(new URL(path, dist), "utf8"), /class (PanguLM|Engine|Completions) /, path);
});

test("what a rule does not expose is unknown and named, not made up", async () => {
  await allow(origin, []);
  const { text, size, field, message } = await page.evaluate(async (name) => {
    const { Bucket } = await import("/obs/browser.js");
    const bucket = new Bucket(name, { sign: window.sign });
    await bucket.put("hidden", "0123456789");
    const range = await bucket.get("hidden", { start: 2, end: 5 });
    const { field, message } = await bucket.upload("hidden", new Blob([new Uint8Array(250 << 10)]), { partSize: 100 << 10 }).catch((error) => error);
    return { text: await range.text(), size: range.info.size, field, message };
  }, emulator.info.obsBucket);
  assert.deepEqual([text, size, field], ["234", undefined, "ETag"]);
  assert.match(message, /expose it in the bucket's CORS rule/);
});

/** What a page does with the objects of a client; runs in the page. */
async function workOfClient({ name, options, signs, folder }) {
  const { PanguLM, PanguLMError } = await import("/browser.js");
  const client = new PanguLM({ endpoint: location.origin, ...options });
  const before = await window.loaded();
  const bucket = client.obs(signs ? { sign: window.sign } : undefined).bucket(name);
  await bucket.put(`${folder}/a`, "0123456789", { contentType: "text/plain" });
  const large = await bucket.upload(`${folder}/large`, new Blob([new Uint8Array(250 << 10)]), { partSize: 100 << 10 });
  const text = await (await bucket.get(`${folder}/a`, { start: 2, end: 5 })).text();
  const listed = [];
  for await (const entry of bucket.list({ prefix: `${folder}/`, pageSize: 1 })) listed.push(entry.key);
  const gone = await bucket.head(`${folder}/none`).catch((error) => error instanceof PanguLMError && error.isNotFound);
  return { before, text, parts: large.etag, listed, gone };
}

test("a client's objects work in a page by temporary keys and by presigned URLs, and are loaded when they are used", async () => {
  await allow(origin);
  const loaded = () => asked.filter((path) => path.startsWith("obs/") || path === "signer.wasm");
  await page.exposeFunction("loaded", loaded);
  const identity = { methods: ["token"], token: { duration_seconds: 900 } };
  const { credential } = await new PanguLM({ ...emulator.address, credentials: key }).iam.createTemporaryAccessKey({ auth: { identity } });
  const credentials = { accessKeyId: credential.access, secretAccessKey: credential.secret, securityToken: credential.securitytoken };
  const ways = [
    { signs: true, options: { credentials: { proxied: true } }, folder: "client-signed" },
    { signs: false, options: { obsEndpoint: emulator.info.obsUrl, credentials }, folder: "client-temporary" },
  ];
  for (const { folder, ...way } of ways) {
    await page.goto(origin);
    [asked, signed] = [[], []];
    const { parts, ...worked } = await page.evaluate(workOfClient, { name: emulator.info.obsBucket, folder, ...way });
    assert.match(parts, /-3"$/);
    assert.deepEqual(worked, { before: [], text: "234", listed: [`${folder}/a`, `${folder}/large`], gone: true });
    assert.deepEqual(loaded(), way.signs ? ["obs/browser.js"] : ["obs/browser.js", "signer.wasm"]);
    assert.equal(signed.length > 0, way.signs);
  }
});

test("a page whose clock is wrong corrects it once, if the bucket's rule shows the date", async () => {
  const control = (offsetSeconds) => fetch(`${emulator.info.url}/_emulator/clock`, { method: "POST", body: JSON.stringify({ offsetSeconds }) });
  const attempts = async (exposed) => {
    await control(0);
    await allow(origin, exposed);
    await control(4_000);
    return page.evaluate(async ({ name, options }) => {
      const { Bucket } = await import("/obs/browser.js");
      let sent = 0;
      const count = (url, init) => ((sent += 1), fetch(url, init));
      const error = await new Bucket(name, { ...options, fetch: count }).put("clock", "x").then(() => {}, (error) => error);
      return [sent, error?.code];
    }, { name: emulator.info.obsBucket, options: { endpoint: emulator.info.obsUrl, credentials: key } });
  };
  try {
    assert.deepEqual(await attempts(["Date"]), [2, undefined]);
    assert.deepEqual(await attempts(["ETag"]), [1, "AccessDenied"]);
  } finally {
    await control(0);
  }
});
