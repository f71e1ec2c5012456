/**
 * Keeps objects in OBS: puts one, lists its folder, reads a part of it, shares it by a URL, deletes it.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_OBS_ENDPOINT=http://127.0.0.1:8787 BUCKET=emulator-bucket
 *   export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
 *   export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
 *   node examples/objects.mjs
 */

import { Bucket } from "pangulm/obs";

const { BUCKET, PANGU_OBS_ENDPOINT, HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK } = process.env;

const bucket = new Bucket(BUCKET, {
  endpoint: PANGU_OBS_ENDPOINT,
  credentials: { accessKeyId: HUAWEICLOUD_SDK_AK, secretAccessKey: HUAWEICLOUD_SDK_SK },
});

const key = "train/长江.jsonl";
await bucket.put(key, '{"context":"介绍一下长江"}\n', { contentType: "application/jsonl" });
for await (const entry of bucket.list({ prefix: "train/" })) console.log(entry.key, entry.size, "bytes");

const part = await bucket.get(key, { start: 0, end: 11 });
console.log(await part.text());

// Whoever has the URL may read the object for ten minutes: no key is needed.
const url = await bucket.presign(key, 600);
console.log(await (await fetch(url)).text());
await bucket.delete(key);
