// The official Node signer, a hand-written one on node:crypto, and ours in wasm (pkg/dist):
// `contestant <tab> what <tab> operations a CPU second`, or with --check the signature of each at
// the time all signers are asked for. First argument: the node_modules folder of the official one.
const crypto = require("node:crypto");
const path = require("node:path");

const core = path.join(path.resolve(process.argv[2]), "@huaweicloud/huaweicloud-sdk-core/auth");
const { AKSKSigner } = require(path.join(core, "AKSKSigner.js"));
const { BasicCredentials } = require(path.join(core, "BasicCredentials.js"));

const HOST = "pangu.cn-southwest-2.myhuaweicloud.com";
const PATH =
  "/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/deployments/5d1a8a3c-7f5e-4f0b-9e7c-3a2b1c0d9e8f" +
  "/chat/completions";
const AK = "QTWAOYTTINDUT2QVKYUC";
const SK = "an-invented-secret-key-of-40-characters!";
const PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const DATE = "20250301T080000Z";
const BUDGET = 300_000; // microseconds
const BODIES = [
  ["1 KB", 1 << 10],
  ["100 KB", 100 << 10],
];

const value = (size) => ({ prompt: "a".repeat(size - '{"prompt":""}'.length) });

// The signer takes the value and writes the JSON itself; the others are given the text, as the
// HTTP client has to write it in any case.
const credentials = new BasicCredentials({ ak: AK, sk: SK, projectId: PROJECT });
function official(data, date) {
  const headers = { "X-Project-Id": PROJECT, "content-type": "application/json" };
  if (date) headers["X-Sdk-Date"] = date;
  const request = { method: "POST", endpoint: `https://${HOST}${PATH}`, headers, data };
  return AKSKSigner.sign(request, credentials).Authorization;
}

const unreserved = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const hash = (text) => crypto.createHash("sha256").update(text).digest("hex");
function byHand(text, date = now()) {
  const headers = {
    "content-type": "application/json",
    host: HOST,
    "x-project-id": PROJECT,
    "x-sdk-date": date,
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const uri = `${PATH.split("/").map((part) => unreserved(decodeURIComponent(part))).join("/")}/`;
  const canonical = `POST\n${uri}\n\n${lines}\n${names.join(";")}\n${hash(text)}`;
  const toSign = `SDK-HMAC-SHA256\n${date}\n${hash(canonical)}`;
  const signature = crypto.createHmac("sha256", SK).update(toSign).digest("hex");
  return `SDK-HMAC-SHA256 Access=${AK}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
}
const now = () => new Date().toISOString().replace(/[-:]|\.\d+/g, "");

// Ours as `signRequest` uses it: the wasm side alone, and whole, from Request to Request.
const dist = path.join(__dirname, "../pkg/dist");
const LARGE = 16 * 1024; // from here on the host hashes
const headersAt = (date) => `&content-type=application/json&x-project-id=${PROJECT}&x-sdk-date=${date}`;
const fields = `&method=POST&host=${HOST}&path=${PATH}&accessKeyId=${AK}`;
async function ours(wasm, body, date = now()) {
  const hashed = body.length >= LARGE;
  const payload = hashed ? new Uint8Array(await crypto.subtle.digest("SHA-256", body)) : body;
  return wasm.sign(fields, "", headersAt(date), payload, hashed, SK);
}
async function whole(signRequest, body, date) {
  const headers = { "content-type": "application/json" };
  const request = new Request(`https://${HOST}${PATH}`, { method: "POST", headers, body });
  const signed = await signRequest(request, { accessKeyId: AK, secretAccessKey: SK, projectId: PROJECT, date });
  return signed.headers.get("authorization");
}

async function rateOf(work) {
  for (let round = 0; round < 500; round++) await work();
  const start = process.cpuUsage();
  let done = 0;
  for (;;) {
    for (let round = 0; round < 100; round++) await work();
    done += 100;
    const { user, system } = process.cpuUsage(start);
    if (user + system > BUDGET) return Math.round((done / (user + system)) * 1e6);
  }
}

function rate(work) {
  for (let round = 0; round < 2_000; round++) work();
  const start = process.cpuUsage();
  let done = 0;
  for (;;) {
    for (let round = 0; round < 100; round++) work();
    done += 100;
    const { user, system } = process.cpuUsage(start);
    if (user + system > BUDGET) return Math.round((done / (user + system)) * 1e6);
  }
}

async function main() {
  const { signRequest } = await import(path.join(dist, "signer/node.js"));
  const wasm = await import(path.join(dist, "wasm/signer.js"));
  const signedAt = new Date("2025-03-01T08:00:00Z");
  for (const [what, size] of BODIES) {
    const data = value(size);
    const text = JSON.stringify(data);
    const body = new TextEncoder().encode(text);
    // Also loads the wasm file.
    const signatures = [await whole(signRequest, body, signedAt), await ours(wasm, body, DATE)];
    if (process.argv.includes("--check")) {
      // The official ones sign the content type, too, which ours does not.
      if (signatures[0] !== signatures[1]) throw new Error("ours in wasm makes two signatures");
      for (const signed of [official(data, DATE), byHand(text, DATE)]) {
        console.log(`${what}\t${signed.split("=").at(-1)}`);
      }
    } else {
      console.log(`official Node\t${what}\t${rate(() => official(data))}`);
      console.log(`hand-written node:crypto\t${what}\t${rate(() => byHand(text))}`);
      console.log(`node:crypto SHA-256 alone\t${what}\t${rate(() => hash(text))}`);
      console.log(`ours, wasm in Node\t${what}\t${await rateOf(() => ours(wasm, body))}`);
      console.log(`ours, signRequest in Node\t${what}\t${await rateOf(() => whole(signRequest, body))}`);
    }
  }
}
main();
