/**
 * Continues a series by a day.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_DEPLOYMENT_ID=emulated-series-forecast
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/forecast.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
// Four days of hours: the load rises to noon and falls to midnight.
const load = Array.from({ length: 96 }, (_, hour) => 900 - 50 * Math.abs(12 - (hour % 24)));
const { data } = await client.prediction.forecast({
  data: [{ context: { load } }],
  context_len: 96,
  prediction_len: 24,
});
for (const { prediction } of data) {
  for (const [column, values] of Object.entries(prediction)) {
    console.log(`${column} tomorrow, hour by hour: ${values.join(", ")}`);
  }
}
