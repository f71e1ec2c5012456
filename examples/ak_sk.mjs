/**
 * Signs its requests with an access key pair (AK/SK).
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
 *   export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
 *   node examples/ak_sk.mjs
 */

import { PanguLM } from "pangulm";

// `new PanguLM()` reads the same variables; here the key pair is given by hand.
const client = new PanguLM({
  endpoint: process.env.PANGU_ENDPOINT,
  credentials: {
    accessKeyId: process.env.HUAWEICLOUD_SDK_AK,
    secretAccessKey: process.env.HUAWEICLOUD_SDK_SK,
  },
});
const answer = await client.chat.completions.create({ messages: [{ role: "user", content: "介绍一下长江" }] });
console.log(answer.choices[0].message.content);
