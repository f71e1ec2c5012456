/**
 * Finds objects in an image and prints where they are.
 *
 * After `cargo xtask build`, with the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787
 *   export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
 *   export PANGU_DEPLOYMENT_ID=emulated-cv-object-detection-s-2-1-0
 *   export PANGU_API_KEY=emulator-api-key
 *   node examples/detect_objects.mjs
 *
 * Name an image file as argument; without one, a small grey picture is sent.
 */

import { readFile } from "node:fs/promises";
import { PanguLM } from "pangulm";

/** 64 x 48 pixels of one colour. */
const grey =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAQ0lEQVR42u3PQQkAAAgEsItmFCMZ2Qp+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQErhaAX0DTAer7iAAAAABJRU5ErkJggg==";

const client = new PanguLM();
const file = process.argv[2];
const images = file === undefined ? grey : await readFile(file);
const { items } = await client.vision.detect({ images, threshold: 0.5 });
for (const { label, score, box } of items) {
  const sure = Math.round(score * 100);
  console.log(`${label} (${sure} %): ${box.width} x ${box.height} pixels at ${box.x}, ${box.y}`);
}
