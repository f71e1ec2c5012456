/**
 * Lets a new colleague in: makes a user, puts it into a group that may call models, gives it an access
 * key; with that key the colleague then chats. Who runs it may manage IAM.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export HUAWEICLOUD_SDK_IAM_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
 *   export HUAWEICLOUD_SDK_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
 *   export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
 *   node examples/colleague.mjs
 */

import { PanguLM } from "pangulm";

const { iam } = new PanguLM();
// Names are taken once; this one is of this run.
const name = `colleague-${process.pid}`;

const { domains } = await iam.listAccounts();
const { user } = await iam.createUser({ user: { name, domain_id: domains[0].id } });
console.log(`user ${name}: ${user.id}`);

const { group } = await iam.createGroup({ group: { name: `${name}-group` } });
await iam.addUserToGroup({ group_id: group.id, user_id: user.id });

const wanted = "Tenant Administrator";
const { roles } = await iam.listPermissions({ display_name: wanted });
await iam.grantGroupRoleOnProject({ group_id: group.id, role_id: roles[0].id });
console.log(`its group may do what ${wanted} allows in the project`);

const { credential } = await iam.createAccessKey({ credential: { user_id: user.id } });
console.log(`access key: ${credential.access}`);

// On the platform it may take some minutes until the permission counts everywhere.
const colleague = new PanguLM({
  endpoint: process.env.PANGU_ENDPOINT,
  projectId: process.env.HUAWEICLOUD_SDK_PROJECT_ID,
  deployment: process.env.PANGU_DEPLOYMENT_ID,
  credentials: { accessKeyId: credential.access, secretAccessKey: credential.secret },
});
const answer = await colleague.chat.completions.create({ messages: [{ role: "user", content: "介绍一下长江" }] });
console.log(answer.choices[0].message.content);
