/**
 * Shows what was made out of the data below a path in OBS, and deletes one of the data sets for good.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export WORKSPACE=2b7e6f0c-91d4-4a53-8c1e-6d0f5a9b3e72
 *   export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
 *   export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
 *   node examples/lineage.mjs
 */

import { PanguLM } from "pangulm";

const { WORKSPACE } = process.env;
const client = new PanguLM();
for (const { from_path, from_name, to_name } of await client.data.lineages(WORKSPACE, "emulator-bucket/rivers")) {
  console.log(`${from_path ?? from_name} -> ${to_name}`);
}
const { result } = await client.data.deleteDataset(WORKSPACE, { dataset_name: "river-questions-final", catalog: "PUBLISH" });
console.log(`deleted: ${result}`);
