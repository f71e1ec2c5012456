// The official Node signer, a hand-written one on node:crypto, and ours (pkg/dist):
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

// Ours: `sign` of pangulm/signer, from plain values to headers, and `signRequest`, from Request to
// Request.
const url = `https://${HOST}${PATH}`;
const ours = async (sign, body, date) => {
  const headers = { "content-type": "application/json" };
  const options = { accessKeyId: AK, secretAccessKey: SK, projectId: PROJECT, date };
  return (await sign({ method: "POST", url, headers, body }, options)).authorization;
};
const viaRequest = async (signRequest, body, date) => {
  const headers = { "content-type": "application/json" };
  const options = { accessKeyId: AK, secretAccessKey: SK, projectId: PROJECT, date };
  const signed = await signRequest(new Request(url, { method: "POST", headers, body }), options);
  return signed.headers.get("authorization");
};

// The compilers of Node work on while the first thousands of rounds run: what they do is no part of
// a signature, so each contestant warms up for as long as it is measured.
async function rateOf(work) {
  await workFor(work);
  return Math.round((await workFor(work)) * 1e6);
}

/** Rounds in a microsecond of CPU time. */
async function workFor(work) {
  const start = process.cpuUsage();
  for (let done = 0; ; ) {
    for (let round = 0; round < 100; round++) await work();
    done += 100;
    const { user, system } = process.cpuUsage(start);
    if (user + system > BUDGET) return done / (user + system);
  }
}

function rate(work) {
  workNowFor(work);
  return Math.round(workNowFor(work) * 1e6);
}

/** The same for work that is done at once. */
function workNowFor(work) {
  const start = process.cpuUsage();
  for (let done = 0; ; ) {
    for (let round = 0; round < 100; round++) work();
    done += 100;
    const { user, system } = process.cpuUsage(start);
    if (user + system > BUDGET) return done / (user + system);
  }
}

async function main() {
  const { sign, signRequest } = await import(path.join(__dirname, "../pkg/dist/signer/node.js"));
  const signedAt = new Date("2025-03-01T08:00:00Z");
  for (const [what, size] of BODIES) {
    const data = value(size);
    const text = JSON.stringify(data);
    // Also loads the wasm file.
    const signatures = [await viaRequest(signRequest, text, signedAt), await ours(sign, text, signedAt)];
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
      console.log(`ours, sign in Node\t${what}\t${await rateOf(() => ours(sign, text))}`);
      console.log(`ours, signRequest in Node\t${what}\t${await rateOf(() => viaRequest(signRequest, text))}`);
    }
  }
}
main();
