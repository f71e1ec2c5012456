/**
 * Asks a supply-chain model what it knows and what its forecasts depend on, and forecasts anew.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-supply-chain
 *   export PANGU_API_KEY=emulator-api-key
 *   export PANGU_OBS_ENDPOINT=http://127.0.0.1:8787 BUCKET=emulator-bucket
 *   export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
 *   export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
 *   node examples/supply_chain.mjs
 */

import { PanguLM } from "pangulm";

const { BUCKET } = process.env;
const client = new PanguLM();
const { items } = await client.supplyChain.items();
console.log(items.join(", "));
const weights = await client.supplyChain.featureImportance({ level: "型号" });
for (const [item, covariates] of Object.entries(weights)) console.log(item, covariates);

const bucket = client.obs().bucket(BUCKET);
// The platform wants the files that training takes here; the emulator takes anything.
await bucket.put("demand/sales.csv", "month,item,sold\n2026-06,生活家电/空调,1200\n");
const job = await client.supplyChain.inference({ obs_path: `obs://${BUCKET}/demand` });
console.log(`started ${job.id}`);
console.log((await job.wait()).info);
