/** Passcodes, agencies and temporary keys from Node, against the emulator. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importSecretKey, PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let pair;
let login;
let agency;
const messages = [{ role: "user", content: "hello" }];

before(async () => {
  emulator = await startEmulator();
  const { accessKeyId, secretAccessKey, iam } = emulator.info;
  pair = { accessKeyId, secretAccessKey };
  login = { domain: iam.domain, user: iam.user, password: iam.password };
  agency = { agency: iam.agency, agencyDomain: iam.domain };
});
after(() => emulator.stop());

const clientWith = (credentials, more = {}) => new PanguLM({ ...emulator.address, ...more, credentials });

/** A chat whose request the emulator keeps under this key. */
async function chat(client, key) {
  await client.chat.completions.create({ messages }, { headers: { "x-emulator-fault": `key=${key}` } });
  return (await emulator.requests(key)).at(-1);
}

async function errorOf(promise) {
  const error = await promise.then(
    () => assert.fail("nothing was thrown"),
    (thrown) => thrown,
  );
  assert.ok(error instanceof PanguLMError, String(error));
  return error;
}

test("a password with a passcode logs in, and a wrong one is not shown", async () => {
  const { userId, passcode } = emulator.info.iam;
  const { headers } = await chat(clientWith({ ...login, userId, passcode }), "passcode");
  assert.equal(headers["x-auth-token"], "***");
  const error = await errorOf(chat(clientWith({ ...login, userId, passcode: "314159" }), "wrong-passcode"));
  assert.ok(error.isAuth);
  assert.doesNotMatch(`${error.message} ${error.body}`, /314159|emulator-password/);
});

test("a passcode is sent once: when its token is refused, the error says so", async () => {
  const { userId, passcode } = emulator.info.iam;
  const client = clientWith({ ...login, userId, passcode });
  await chat(client, "first");
  await fetch(`${emulator.info.url}/_emulator/revoke-tokens`, { method: "POST" });
  const error = await errorOf(chat(client, "second"));
  assert.equal(error.field, "passcode");
  assert.match(error.message, /good for one login/);
});

test("a permanent pair, a non-extractable key, a password and a token function buy temporary keys", async () => {
  const secretAccessKey = await importSecretKey(pair.secretAccessKey);
  const token = async () => {
    const identity = {
      methods: ["password"],
      password: { user: { name: login.user, password: login.password, domain: { name: login.domain } } },
    };
    const scope = { project: { id: emulator.info.projectId } };
    const body = JSON.stringify({ auth: { identity, scope } });
    const answer = await fetch(`${emulator.info.iamUrl}/v3/auth/tokens`, { method: "POST", body });
    return answer.headers.get("x-subject-token");
  };
  const bases = { pair, key: { ...pair, secretAccessKey }, login, token: { token } };
  for (const [name, base] of Object.entries(bases)) {
    const { headers } = await chat(clientWith({ ...base, temporarySeconds: 900 }), `temporary-${name}`);
    assert.equal(headers["x-security-token"], "***", name);
    assert.equal(headers["x-auth-token"], undefined, name);
  }
});

test("many calls at once share one temporary pair, narrowed by a policy", async () => {
  const temporaryPolicy = { Version: "1.1", Statement: [{ Effect: "Allow", Action: ["obs:*:*"] }] };
  const client = clientWith({ ...pair, temporarySeconds: 3600, temporaryPolicy });
  const asked = async () => {
    const { requests } = await (await fetch(`${emulator.info.url}/_emulator/requests`)).json();
    return requests.filter(({ operationId }) => operationId === "createTemporaryAccessKey").length;
  };
  const before = await asked();
  await Promise.all(Array.from({ length: 20 }, (_, at) => chat(client, `shared-${at}`)));
  assert.equal(await asked(), before + 1);
});

test("an agency gives a token, or temporary keys, to a pair and to a password", async () => {
  for (const [name, base] of Object.entries({ pair, login })) {
    const byToken = await chat(clientWith({ ...base, ...agency }), `agency-${name}`);
    assert.equal(byToken.headers["x-auth-token"], "***");
    const byKeys = await chat(clientWith({ ...base, ...agency, temporarySeconds: 900 }), `agency-keys-${name}`);
    assert.equal(byKeys.headers["x-security-token"], "***");
  }
  const error = await errorOf(chat(clientWith({ ...pair, ...agency, agency: "no-such" }), "no-agency"));
  assert.equal(error.operation, "createToken");
});

test("a temporary key can be had by request() and given to somebody else", async () => {
  const identity = { methods: ["token"], token: { duration_seconds: 900 } };
  const { credential } = await clientWith(pair).request("createTemporaryAccessKey", {}, { auth: { identity } });
  const { access: accessKeyId, secret: secretAccessKey, securitytoken: securityToken } = credential;
  await chat(clientWith({ accessKeyId, secretAccessKey, securityToken }), "given-away");
});

test("what cannot be granted is refused by name, and wrong types at once", async () => {
  const refused = async (credentials) => (await errorOf(chat(clientWith(credentials), "refused"))).message;
  assert.match(await refused({ ...pair, temporarySeconds: 60 }), /^temporarySeconds: must be from 900 to 86400/);
  assert.match(await refused({ temporarySeconds: 900 }), /^credentials: an agency or temporary keys/);
  assert.match(await refused({ ...pair, agency: "a" }), /^agencyDomain: must not be empty/);
  assert.match(await refused({ ...pair, userId: "u", passcode: "1" }), /^passcode: goes with domain, user and password/);
  assert.throws(() => clientWith({ ...pair, temporarySeconds: "900" }), /temporarySeconds: must be a number; got string/);
});
