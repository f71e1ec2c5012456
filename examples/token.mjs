/**
 * Calls with IAM tokens from a function of your own: it is asked for one when a call needs it, before
 * the last one ends, and once, however many calls wait.
 *
 * For a name and a password as here, `credentials: { domain, user, password }` does all of it; a
 * function is for tokens that come from elsewhere, such as your own login service.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export HUAWEICLOUD_SDK_IAM_ENDPOINT=http://127.0.0.1:8787
 *   export IAM_DOMAIN=emulator-account IAM_USER=emulator-user IAM_PASSWORD=emulator-password
 *   node examples/token.mjs
 */

import { PanguLM } from "pangulm";

const { HUAWEICLOUD_SDK_IAM_ENDPOINT, IAM_DOMAIN, IAM_USER, IAM_PASSWORD } = process.env;

async function issueToken() {
  const identity = {
    methods: ["password"],
    password: { user: { name: IAM_USER, password: IAM_PASSWORD, domain: { name: IAM_DOMAIN } } },
  };
  const scope = { project: { name: "cn-southwest-2" } };
  const response = await fetch(`${HUAWEICLOUD_SDK_IAM_ENDPOINT}/v3/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ auth: { identity, scope } }),
  });
  if (!response.ok) throw new Error(`IAM answered ${response.status}`);
  const { token } = await response.json();
  return { token: response.headers.get("x-subject-token"), expiresAt: new Date(token.expires_at) };
}

const client = new PanguLM({ endpoint: process.env.PANGU_ENDPOINT, credentials: { token: issueToken } });
// Two calls at once, one token.
const ask = (content) => client.chat.completions.create({ messages: [{ role: "user", content }] });
for (const answer of await Promise.all([ask("介绍一下长江"), ask("介绍一下黄河")])) {
  console.log(answer.choices[0].message.content);
}
