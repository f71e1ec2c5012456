/**
 * Forecasts the weather from an initial field in OBS.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-ai4s-weather/tasks
 *   export PANGU_API_KEY=emulator-api-key
 *   export OBS_BUCKET=emulator-bucket
 *   node examples/science_job.mjs
 */

import { PanguLM } from "pangulm";

const bucket = process.env.OBS_BUCKET;
const client = new PanguLM();
const job = await client.science.weather.create({
  name: "three days ahead",
  input: { type: "obs", data: [{ bucket, path: "initial/" }] },
  output: { obs: { bucket, path: "results/" } },
  config: { start_time_begin: "2017010100", start_time_end: "2017010200", forecast_lead_hours: 72 },
});
console.log(`started ${job.id}`);
const task = await job.wait({ onProgress: ({ state }) => console.log(state) });
console.log(`${task.name}: the results are under obs://${bucket}/${task.output.obs.path}`);
