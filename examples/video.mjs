/**
 * Makes a video out of a text, says how it stands on the way, and fetches the file.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/alg-infer/aigc-text-video/service/emulated-aigc-text-video/videos
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/video.mjs
 */

import { PanguLM } from "pangulm";

const client = new PanguLM();
const job = await client.video.fromText({
  prompt: "长江日出,江面上有一只小船",
  video_config: { resolution: "720p", duration: 5, aspect_ratio: "16:9" },
});
console.log(`started ${job.id}`);
const { video_url } = await job.wait({ onProgress: ({ state }) => console.log(state) });
const file = await (await fetch(video_url)).arrayBuffer();
console.log(`${video_url}: ${file.byteLength} bytes`);
