/** What the npm client promises of models that see. */

import assert from "node:assert/strict";
import { Blob } from "node:buffer";
import { after, before, test } from "node:test";
import { PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let client;
let deployments;

before(async () => {
  emulator = await startEmulator();
  client = new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey });
  ({ deployments } = await (await fetch(`${emulator.info.url}/_emulator/info`)).json());
});
after(() => emulator.stop());

/** A grey bitmap of these sides, with one bit a pixel. */
function bitmap(width, height) {
  const stride = Math.ceil(width / 32) * 4;
  const size = 58 + stride * height;
  const bytes = Buffer.alloc(size);
  bytes.write("BM");
  const head = [size, 0, 58, 40, width, height, 0x10001, 0, 0, 0, 0, 1, 0, 0x808080];
  head.forEach((number, index) => bytes.writeUInt32LE(number, 2 + 4 * index));
  return bytes;
}

async function errorOf(promise) {
  const error = await promise.then(() => assert.fail("nothing was thrown"), (thrown) => thrown);
  assert.ok(error instanceof PanguLMError, String(error));
  return error;
}

test("an image may be a blob, its bytes, a buffer or base64", async () => {
  const bytes = bitmap(640, 480);
  const deployment = deployments.detectObjectsS2;
  // A view into a larger buffer sends its own part only.
  const view = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]).subarray(6, 6 + bytes.length);
  const inputs = [new Blob([bytes]), new Uint8Array(bytes), bytes, bytes.toString("base64"), view];
  const found = await Promise.all(inputs.map((images) => client.vision.detect({ images, deployment })));
  for (const { items } of found) assert.deepEqual(items, found[0].items);
  assert.equal(found[0].items.length, 3);
  for (const { label, score, box } of found[0].items) {
    assert.ok(label && score >= 0.25);
    assert.ok(box.x >= 0 && box.x + box.width <= 640 && box.y >= 0 && box.y + box.height <= 480);
  }
});

test("every generation of detection gives the same shape, with its own answer beside it", async () => {
  const images = bitmap(64, 48);
  const s2 = await client.vision.detect({ images, threshold: 0.25, deployment: deployments.detectObjectsS2 });
  const others = [
    await client.vision.detectN2({ images, nms_iou_thr: 0.5, deployment: deployments.detectObjectsN2 }),
    await client.vision.detectS3({ images, threshold: "0.25", deployment: deployments.detectObjectsS3 }),
    await client.vision.detectOpenSet({ images, threshold: 0.25, deployment: deployments.detectOpenSet }),
  ];
  for (const { items } of others) assert.deepEqual(items, s2.items);
  assert.equal(s2.raw.result[0].label, s2.items[0].label);
  assert.equal(others[0].raw.result[0].Label, s2.items[0].label);
});

test("the other models answer in their own ways", async () => {
  const image = new Blob([bitmap(9, 7)]);
  const classes = await client.vision.classify({
    images: [image, image],
    mode: "multiple",
    deployment: deployments.classifyImage,
  });
  assert.equal(classes.result.length, 2);
  const { result } = await client.vision.segment({ img: image, deployment: deployments.segmentImage });
  assert.deepEqual([result[0].result.length, result[0].result[0].length], [7, 9]);
  const { img_res } = await client.vision.segmentInstances({ images: image, deployment: deployments.segmentInstances });
  assert.ok(img_res.length > 0);
  for (const images of [bitmap(9, 7), new Blob([bitmap(9, 7)]), bitmap(9, 7).toString("base64")]) {
    const prompted = await client.vision.detectInteractive({ images, deployment: deployments.detectInteractive });
    assert.ok(prompted.result.length > 0);
  }
});

test("an image beyond a documented limit is refused before anything is sent", async () => {
  const never = new PanguLM({ ...emulator.address, apiKey: "k", fetch: () => assert.fail("something was sent") });
  const cases = [
    [never.vision.detectN2({ images: bitmap(600, 100) }), /images: the longer side may be at most 5 times the shorter; got 600 x 100/],
    [never.vision.detect({ images: "data:image/png;base64,AAAA" }), /images: must be the base64 text alone/],
    [never.vision.classify({ images: Array(25).fill(bitmap(1, 1)) }), /images: may have at most 24 items/],
    [never.vision.detect({}), /images: is missing/],
  ];
  for (const [call, expected] of cases) assert.match((await errorOf(call)).message, expected);
});

test("an answer without boxes is an error that keeps it", async () => {
  const images = bitmap(1, 1);
  const error = await errorOf(client.vision.detectS3({ images, deployment: deployments.classifyImage }));
  assert.equal(error.kind, "unexpected_answer");
  assert.match(error.body, /x_emulated/);
});
