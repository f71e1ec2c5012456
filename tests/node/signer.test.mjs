/** What `pangulm/signer` promises in Node. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { importObsSecretKey, importSecretKey, PanguLMError, presign, sign, signRequest } from "../../pkg/dist/signer/node.js";
import { startEmulator } from "../support/emulator.mjs";

const root = new URL("../../", import.meta.url);
const vectors = async (name) => JSON.parse(await readFile(new URL(`tests/vectors/${name}.json`, root), "utf8")).vectors;
const key = { accessKeyId: "an-access-key-id", secretAccessKey: "an-invented-secret" };
const url = "https://service.example.com/v1/test";

let emulator;
before(async () => (emulator = await startEmulator()));
after(() => emulator?.stop());

/** Whether a refusal names this field, and tells no secret. */
const naming = (field) => (error) => {
  assert.ok(error instanceof PanguLMError, String(error));
  assert.equal(error.field, field, error.message);
  assert.ok(error.isInvalidInput);
  assert.ok(!error.message.includes(key.secretAccessKey));
  return true;
};

/** The body of a vector. */
function bytes({ kind, value, byte, count }) {
  if (kind === "none") return undefined;
  if (kind === "repeat") return Buffer.alloc(count, byte);
  return Buffer.from(value, kind === "base64" ? "base64" : "utf8");
}

const OURS = /^(host|x-sdk-date|x-sdk-content-sha256|x-project-id|x-domain-id|x-security-token)$/;

/** The request of a vector, if fetch sends it unchanged and signs no header beyond the client's. */
function carried({ algorithm, request, expected }) {
  const signs = expected.signed_headers?.split(";") ?? [];
  if (algorithm !== "SDK-HMAC-SHA256" || !expected.wire_target || !signs.every((name) => OURS.test(name))) return;
  const target = `${request.scheme}://${request.host}${expected.wire_target}`;
  if (!URL.canParse(target) || new URL(target).href !== target) return;
  const body = bytes(request.body);
  if (body && /^(GET|HEAD)$/i.test(request.method)) return;
  try {
    return new Request(target, { method: request.method, headers: request.headers, ...(body && { body }) });
  } catch {
    return;
  }
}

test("signatures of requests are those of the vectors", async () => {
  let compared = 0;
  for (const vector of await vectors("sdk_hmac_sha256")) {
    const { ak, sk, security_token, project_id, domain_id } = vector.credential;
    const asText = carried(vector);
    if (!asText) continue;
    const options = {
      accessKeyId: ak,
      ...(security_token && { securityToken: security_token }),
      ...(project_id && { projectId: project_id }),
      ...(domain_id && { domainId: domain_id }),
    };
    const signed = await signRequest(asText, { ...options, secretAccessKey: sk });
    assert.equal(signed.headers.get("authorization"), vector.expected.authorization, vector.id);
    const again = await signRequest(carried(vector), { ...options, secretAccessKey: await importSecretKey(sk) });
    assert.equal(again.headers.get("authorization"), vector.expected.authorization, vector.id);
    const body = bytes(vector.request.body);
    const { method, url, headers } = carried(vector);
    const plain = { method, url, headers: Object.fromEntries(headers), ...(body && { body }) };
    const sent = await sign(plain, { ...options, secretAccessKey: sk });
    assert.equal(sent.authorization, vector.expected.authorization, vector.id);
    compared += 1;
  }
  assert.ok(compared >= 25, `only ${compared} vectors were compared`);
});

test("a body is signed alike as text and as bytes, hashed in wasm and by Node", async () => {
  for (const length of [0, 1, 511, 512, 5_000]) {
    const text = "你".repeat(length);
    const digest = createHash("sha256").update(text).digest("hex");
    const date = new Date("2025-03-01T08:00:00Z");
    for (const body of [text, new TextEncoder().encode(text)]) {
      const { authorization } = await sign({ method: "POST", url, body }, { ...key, date });
      assert.equal(authorization, byHand(digest), `${length} characters`);
    }
  }
});

/** The signature of a POST of a body with this digest to `url`, made without our code. */
function byHand(digest) {
  const hash = (text) => createHash("sha256").update(text).digest("hex");
  const names = "host;x-sdk-date";
  const canonical = `POST\n/v1/test/\n\nhost:service.example.com\nx-sdk-date:20250301T080000Z\n\n${names}\n${digest}`;
  const toSign = `SDK-HMAC-SHA256\n20250301T080000Z\n${hash(canonical)}`;
  const signature = createHmac("sha256", key.secretAccessKey).update(toSign).digest("hex");
  return `SDK-HMAC-SHA256 Access=${key.accessKeyId}, SignedHeaders=${names}, Signature=${signature}`;
}

test("the headers to send are those given, in lower case, and those of the signature", async () => {
  const headers = { Accept: "*/*", "X-Project-Id": "given" };
  const date = new Date("2025-03-01T08:00:00.999Z");
  const sent = await sign({ url: new URL(url), headers }, { ...key, securityToken: "token", domainId: "domain", date });
  assert.match(sent.authorization, /SignedHeaders=host;x-domain-id;x-project-id;x-sdk-date;x-security-token, /);
  delete sent.authorization;
  assert.deepEqual(sent, {
    accept: "*/*",
    "x-project-id": "given",
    "x-security-token": "token",
    "x-domain-id": "domain",
    "x-sdk-date": "20250301T080000Z",
  });
  assert.deepEqual(headers, { Accept: "*/*", "X-Project-Id": "given" });
});

test("presigned URLs are those of the vectors", async () => {
  const urls = (await vectors("obs")).filter(({ kind }) => kind === "url-obs");
  assert.ok(urls.length >= 8, `there are only ${urls.length}`);
  for (const vector of urls) {
    const options = {
      accessKeyId: vector.ak,
      endpoint: vector.server,
      bucket: vector.bucket,
      key: vector.key,
      method: vector.method,
      addressing: vector.cname ? "customDomain" : vector.path_style ? "path" : "virtualHost",
      expiresIn: vector.expires_in,
      date: new Date(vector.now_epoch * 1000),
      ...(vector.security_token && { securityToken: vector.security_token }),
      ...(vector.query && { query: vector.query }),
      ...(vector.headers && { contentType: vector.headers["Content-Type"] }),
    };
    for (const secretAccessKey of [vector.sk, await importObsSecretKey(vector.sk)]) {
      assert.equal(await presign({ ...options, secretAccessKey }), vector.expected.signed_url, vector.id);
    }
  }
});

test("a region stands for its public endpoint", async () => {
  const made = await presign({ ...key, region: "cn-southwest-2", bucket: "data", query: { acl: null, "a b": "1&2=3%" }, expiresIn: 60 });
  assert.match(made, /^https:\/\/data\.obs\.cn-southwest-2\.myhuaweicloud\.com\/\?acl&a%20b=1%262%3D3%25&Expires=/);
});

/** Requests as fetch sends them: a query out of order, and bodies hashed on either side of the crossover. */
const sent = () => {
  const { url, projectId, deploymentId } = emulator.info;
  const chat = `${url}/v1/${projectId}/deployments/${deploymentId}/chat/completions`;
  const long = "你".repeat(40_000);
  return {
    "a list, its query out of order": [`${url}/v3/projects?name=cn%20southwest+2&domain_id=&name=a%2Fb&b`],
    "a short body": [chat, { method: "POST", body: '{"messages":[{"role":"user","content":"hi"}]}', headers: { "content-type": "application/json" } }],
    "a long body": [chat, { method: "POST", body: JSON.stringify({ messages: [{ role: "user", content: long }] }), headers: { "content-type": "application/json" } }],
  };
};
const ours = () => {
  const { accessKeyId, secretAccessKey, projectId } = emulator.info;
  return { accessKeyId, secretAccessKey, projectId };
};

test("a signed request that fetch sends is accepted, with a key that cannot be read, too", async () => {
  for (const [what, given] of Object.entries(sent())) {
    for (const secretAccessKey of [ours().secretAccessKey, await importSecretKey(ours().secretAccessKey)]) {
      const answer = await fetch(await signRequest(new Request(...given), { ...ours(), secretAccessKey }));
      assert.equal(answer.status, 200, `${what}: ${await answer.text()}`);
    }
  }
});

test("a request that was changed after signing is refused", async () => {
  const [chat, init] = sent()["a short body"];
  const changes = {
    body: (signed) => new Request(signed, { body: '{"messages":[{"role":"user","content":"ha"}]}' }),
    query: (signed) => new Request(`${chat}?a=1`, signed),
    project: (signed) => (signed.headers.set("x-project-id", "another"), signed),
  };
  for (const [what, change] of Object.entries(changes)) {
    const answer = await fetch(change(await signRequest(new Request(chat, init), ours())), { duplex: "half" });
    assert.equal(answer.status, 401, what);
    // Five failures in a row would lock the key.
    assert.match(await answer.text(), /verify aksk signature fail/, what);
  }
  assert.equal((await fetch(await signRequest(new Request(chat, init), ours()))).status, 200);
});

test("a body that is announced as unsigned is not read", async () => {
  const stream = new ReadableStream({ pull: () => assert.fail("it was read") }, { highWaterMark: 0 });
  const request = new Request(url, { method: "POST", body: stream, duplex: "half", headers: { "x-sdk-content-sha256": "UNSIGNED-PAYLOAD" } });
  const signed = await signRequest(request, key);
  assert.match(signed.headers.get("authorization"), /SignedHeaders=host;x-sdk-content-sha256;x-sdk-date,/);
});

test("what cannot be signed is refused by its name", async () => {
  const used = new Request(url, { method: "POST", body: "a" });
  await used.text();
  const requests = [
    ["authorization", new Request(url, { headers: { authorization: "Bearer a" } }), key],
    ["body", used, key],
    ["accessKeyId", new Request(url), { ...key, accessKeyId: "a b" }],
    ["accessKeyId", new Request(url), { ...key, accessKeyId: "" }],
    ["secretAccessKey", new Request(url), { ...key, secretAccessKey: "" }],
    ["secretAccessKey", new Request(url), { accessKeyId: "a" }],
    ["secretAccessKey", new Request(url), { ...key, secretAccessKey: await importObsSecretKey("a") }],
    ["projectId", new Request(url), { ...key, projectId: "项目" }],
    ["projectID", new Request(url), { ...key, projectID: "a" }],
    ["date", new Request(url), { ...key, date: new Date(NaN) }],
    ["date", new Request(url, { headers: { "x-sdk-date": "today" } }), key],
    ["query", new Request(`${url}?a=%FF`), key],
  ];
  for (const [field, request, options] of requests) await assert.rejects(signRequest(request, options), naming(field));

  const plain = [
    ["url", { url: "/v1/test" }],
    ["method", { url, method: "GET\nhost" }],
    ["method", { url, method: "G T" }],
    ["body", { url, method: "POST", body: { a: 1 } }],
    ["x-sdk-a", { url, headers: { "x-sdk-a": "1\nx-sdk-b" } }],
    ["x-sdk-a", { url, headers: { "x-sdk-a": "1\r" } }],
    ["x-sdk-a", { url, headers: { "x-sdk-a": 1 } }],
    ["headers", { url, headers: { "": "1" } }],
    ["authorization", { url, headers: { Authorization: "Bearer a" } }],
  ];
  for (const [field, request] of plain) await assert.rejects(sign(request, key), naming(field));
  await assert.rejects(sign({ url }, { ...key, accessKeyId: "a\nb" }), naming("accessKeyId"));

  const object = { ...key, region: "cn-southwest-2", bucket: "data", key: "a", expiresIn: 60 };
  const urls = [
    ["endpoint", { region: undefined }],
    ["endpoint", { endpoint: "obs.example.com" }],
    ["bucket", { bucket: "" }],
    ["key", { key: "a/../b" }],
    ["expiresIn", { expiresIn: 0 }],
    ["expiresIn", { expiresIn: 1.5 }],
    ["addressing", { addressing: "other" }],
    ["query", { query: { Expires: "1" } }],
    ["secretAccessKey", { secretAccessKey: await importSecretKey("a") }],
  ];
  for (const [field, change] of urls) await assert.rejects(presign({ ...object, ...change }), naming(field));
});

test("no key is made of an empty secret", async () => {
  await assert.rejects(importSecretKey(""), naming("secretAccessKey"));
});

test("the package's own names lead to the signer, and it loads nothing of the client", () => {
  const program = `
    import fs from "node:fs/promises";
    import { syncBuiltinESMExports } from "node:module";
    const { compile } = WebAssembly;
    const { readFile } = fs;
    const compiled = [];
    const scripts = [];
    WebAssembly.compile = (bytes) => (compiled.push(bytes.length), compile(bytes));
    fs.readFile = (file, ...rest) => (scripts.push(String(file)), readFile(file, ...rest));
    syncBuiltinESMExports();
    const { signRequest } = await import("pangulm/signer");
    await signRequest(new Request("https://a.example.com/"), { accessKeyId: "a", secretAccessKey: "b" });
    const size = async (name) => (await readFile(new URL(import.meta.resolve(name)))).length;
    const sizes = [await size("pangulm/signer.wasm"), await size("pangulm/pangulm.wasm"), await size("pangulm/pangulm-signing.wasm")];
    console.log(JSON.stringify({ scripts, compiled: sizes.map((size) => compiled.includes(size)) }));
  `;
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: fileURLToPath(new URL("pkg/", root)) });
  const { compiled, scripts } = JSON.parse(out);
  assert.deepEqual(compiled, [true, false, false]);
  assert.ok(scripts.length > 1);
  for (const script of scripts) assert.doesNotMatch(readFileSync(new URL(script), "utf8"), /class (PanguLM|Engine|Completions) /, script);
});
