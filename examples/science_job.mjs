/**
 * Forecasts the weather: puts an initial field into OBS, runs the forecast, fetches its results.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-ai4s-weather/tasks
 *   export PANGU_API_KEY=emulator-api-key
 *   export PANGU_OBS_ENDPOINT=http://127.0.0.1:8787 BUCKET=emulator-bucket
 *   export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
 *   export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
 *   node examples/science_job.mjs
 */

import { PanguLM } from "pangulm";

const { BUCKET } = process.env;
const client = new PanguLM();
const bucket = client.obs().bucket(BUCKET);
// The platform wants a field in its model's own format here; the emulator takes anything.
await bucket.put("initial/field.nc", "an initial field");

const job = await client.science.weather.create({
  name: "three days ahead",
  input: { type: "obs", data: [{ bucket: BUCKET, path: "initial/" }] },
  output: { obs: { bucket: BUCKET, path: "results/" } },
  config: { start_time_begin: "2017010100", start_time_end: "2017010200", forecast_lead_hours: 72 },
});
console.log(`started ${job.id}`);
await job.wait({ onProgress: ({ state }) => console.log(state) });
for await (const { key } of bucket.list({ prefix: "results/" })) {
  const file = await (await bucket.get(key)).bytes();
  console.log(`${key}: ${file.length} bytes`);
}
