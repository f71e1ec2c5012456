/**
 * Asks a supply-chain model what it knows and what its forecasts depend on, and forecasts anew.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-supply-chain
 *   export PANGU_API_KEY=emulator-api-key
 *   export OBS_PATH=obs://emulator-bucket/demand
 *   node examples/supply_chain.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const { items } = await client.supplyChain.items();
console.log(items.join(", "));
const weights = await client.supplyChain.featureImportance({ level: "型号" });
for (const [item, covariates] of Object.entries(weights)) console.log(item, covariates);
const job = await client.supplyChain.inference({ obs_path: process.env.OBS_PATH });
console.log(`started ${job.id}`);
console.log((await job.wait()).info);
