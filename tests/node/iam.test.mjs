/** What `client.iam` promises: every operation by its name. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { PanguLM } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator, client;
before(async () => {
  emulator = await startEmulator();
  const { accessKeyId, secretAccessKey } = emulator.info;
  client = new PanguLM({ ...emulator.address, credentials: { accessKeyId, secretAccessKey } });
});
after(() => emulator?.stop());

test("an operation takes its parameters and its body side by side", async () => {
  const { domainId } = emulator.info.iam;
  const { user } = await client.iam.createUser({ user: { name: "side-by-side", domain_id: domainId, password: "pass-1" } });
  const { group } = await client.iam.createGroup({ group: { name: "side-by-side" } });
  assert.equal(await client.iam.addUserToGroup({ group_id: group.id, user_id: user.id }), undefined);
  const { users } = await client.iam.listUsersOfGroup({ group_id: group.id });
  assert.deepEqual(users.map(({ name }) => name), ["side-by-side"]);
  const changed = await client.iam.updateUser({ user_id: user.id, user: { description: "seen" } });
  assert.equal(changed.user.description, "seen");
  await client.iam.checkUserInGroup({ group_id: group.id, user_id: user.id });
  await client.iam.removeUserFromGroup({ group_id: group.id, user_id: user.id });
  await assert.rejects(client.iam.checkUserInGroup({ group_id: group.id, user_id: user.id }), { status: 404 });
});

test("an operation that is none is met with the nearest", async () => {
  await assert.rejects(client.iam.creatUser({}), (error) => error.isInvalidInput && /createUser/.test(error.message));
});

test("a missing parameter is named before anything is sent", async () => {
  await assert.rejects(client.iam.showUser({}), (error) => error.isInvalidInput && error.field === "user_id");
});

test("a group is no promise and shows nothing", async () => {
  const given = await (async () => client.iam)();
  assert.equal(given, client.iam);
  assert.equal(JSON.stringify(client.iam), "{}");
});

test("a token that was issued can be read, and does not show by itself", async () => {
  const { domain, user, password } = emulator.info.iam;
  const identity = { methods: ["password"], password: { user: { name: user, password, domain: { name: domain } } } };
  const answer = await client.iam.createToken({ auth: { identity } }).withResponse();
  assert.equal(answer.status, 201);
  assert.equal(answer.data.token.user.name, user);
  const token = answer.header("X-Subject-Token");
  assert.match(token, /^MII/);
  assert.ok(answer.requestId);
  assert.ok(!inspect(answer, { depth: 5, showHidden: true }).includes(token.slice(0, 40)));
  const checked = await client.iam.validateToken({ "X-Subject-Token": token });
  assert.equal(checked.token.user.name, user);
});

test("a failed call fails once, by either way", async () => {
  const call = client.iam.showGroup({ group_id: "nothing" });
  await assert.rejects(call.withResponse(), { status: 404 });
  await assert.rejects(call, { status: 404 });
});

test("permissions are a list that comes in pages", async () => {
  const names = [];
  for await (const role of client.list("listPermissions", { per_page: 2 })) names.push(role.display_name);
  assert.ok(names.includes("Tenant Administrator") && names.length === new Set(names).size && names.length > 2, names.join());
});

test("a list that comes whole gives its items like any other", async () => {
  const names = [];
  for await (const user of client.list("listUsers", {})) names.push(user.name);
  assert.ok(names.includes(emulator.info.iam.user), names.join());
  await assert.rejects(client.list("countTokens", {}).next(), { isInvalidInput: true });
});
