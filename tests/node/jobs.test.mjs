/** Forecasts, videos and supply chains from JavaScript: started, followed, taken up again. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { PanguLM } from "../../pkg/dist/node.js";
import { Bucket } from "../../pkg/dist/obs/node.js";
import { startEmulator } from "../support/emulator.mjs";

const WEATHER = "emulated-ai4s-weather";
const OCEAN = "emulated-ai4s-ocean";
const SUPPLY = "emulated-supply-chain";
const TEXT = "emulated-aigc-text-video";
const IMAGE = "emulated-aigc-img-video";

let emulator;
let client;
let bucket;

before(async () => {
  emulator = await startEmulator();
  const { url, projectId, apiKey } = emulator.info;
  client = new PanguLM({ endpoint: url, projectId, apiKey });
  const { obsUrl, obsBucket, accessKeyId, secretAccessKey } = emulator.info;
  bucket = new Bucket(obsBucket, { endpoint: obsUrl, credentials: { accessKeyId, secretAccessKey } });
});
after(() => emulator.stop());

const admin = (name, body) =>
  fetch(`${emulator.info.url}/_emulator/${name}`, { method: "POST", body: JSON.stringify(body) });
/** Turns the emulator's clock on, so that nobody waits for its jobs. */
const later = () => admin("clock", { offsetSeconds: 60 });
beforeEach(async () => {
  await admin("reset", {});
  await bucket.put("in/field.nc", "an initial field");
});

const forecast = (name, deployment) => ({
  deployment,
  name,
  input: { type: "obs", data: [{ bucket: "emulator-bucket", path: "in/" }] },
  output: { obs: { bucket: "emulator-bucket", path: "out/" } },
  config: { start_time_begin: "2017010100", start_time_end: "2017010200" },
});

test("a forecast of the current interface is followed to its end, with its progress", async () => {
  const data_dirs = { "global-weather": "obs://emulator-bucket/in/" };
  const job = await client.science.tasks.create({ deployment: WEATHER, data_dirs });
  const first = await job.status();
  assert.equal(first.phase, "running");
  assert.ok(first.progress < 1);
  await later();
  const seen = [];
  const last = await job.wait({ onProgress: ({ state }) => seen.push(state) });
  assert.deepEqual([last.status, seen], ["finished", ["finished"]]);
  const again = await client.science.tasks.resume(job.id, { deployment: WEATHER });
  assert.equal((await again.status()).progress, 1);
  assert.equal((await client.science.tasks.get(job.id, { deployment: WEATHER })).status, "finished");
});

test("forecasts of the first interface keep what they were started with", async () => {
  const weather = await client.science.weather.create(forecast("storm", WEATHER));
  const ocean = await client.science.ocean.create(forecast("sea", OCEAN));
  await later();
  for (const [job, name] of [[weather, "storm"], [ocean, "sea"]]) {
    const task = await job.wait();
    assert.deepEqual([task.state, task.name, task.config.start_time_begin], ["SUCCEEDED", name, "2017010100"]);
    assert.match(await (await bucket.get(`out/emulated-forecast-${job.id}.json`)).text(), /2017010100/);
  }
  await assert.rejects(client.science.weather.get(ocean.id, { deployment: WEATHER }), { isNotFound: true });
});

test("a forecast that came to nothing is an error with the job's id", async () => {
  const job = await client.science.weather.create(forecast("emulate-failure", WEATHER));
  await later();
  await assert.rejects(job.wait(), (error) => error.isJobFailed && error.message.includes(job.id));
});

test("a call path pasted from the console is called as it is", async () => {
  const { url, projectId, apiKey } = emulator.info;
  const path = `${url}/v1/${projectId}/infer-api/proxy/service/${WEATHER}`;
  for (const endpoint of [`${path}/tasks`, `${path}/tasks/`, path]) {
    const pasted = new PanguLM({ endpoint, apiKey });
    const { deployment, ...request } = forecast("pasted", undefined);
    const job = await pasted.science.weather.create(request);
    assert.equal((await job.status()).answer.name, "pasted");
  }
});

test("videos out of a text and of images in every form are done when their address is there", async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
  const jobs = [await client.video.fromText({ deployment: TEXT, prompt: "a cat", video_config: { duration: 7 } })];
  for (const image of [png, png.buffer, Buffer.from(png), new Blob([png]), new URL("https://example.com/a.png"), "iVBORw=="]) {
    jobs.push(await client.video.fromImage({ deployment: IMAGE, image }));
  }
  jobs.push(await client.video.fromImage({ deployment: IMAGE, image_tail: new File([png], "a.png"), prompt: "it jumps" }));
  const origin_video = "https://example.com/cat.mp4";
  jobs.push(await client.video.extend({ deployment: "emulated-aigc-video-extension", origin_video }));
  assert.equal((await jobs[0].status()).state, "PROCESSING");
  await later();
  for (const job of jobs) {
    const { video_url } = await job.wait();
    assert.equal((await fetch(video_url)).headers.get("content-type"), "video/mp4");
  }
  const again = await client.video.resume("text", jobs[0].id, { deployment: TEXT });
  assert.equal((await again.wait()).video_config.duration, 7);
});

test("an image goes out as the base64 of its bytes, however long they are", async () => {
  const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
  let sent;
  const fetch = async (_, init) => {
    sent = JSON.parse(Buffer.from(init.body).toString());
    return Response.json({ id: "v" });
  };
  const recording = new PanguLM({ endpoint: "https://h.example", projectId: "p", deployment: "d", apiKey: "k", fetch });
  await recording.video.fromImage({ image: new Blob([bytes]) });
  assert.deepEqual(Buffer.from(sent.image, "base64"), Buffer.from(bytes));
  assert.deepEqual(Object.keys(sent), ["image"]);
});

test("a documented limit is refused by name before anything is sent", async () => {
  const long = "长".repeat(1001);
  for (const [refused, field] of [
    [client.video.fromText({ deployment: TEXT, prompt: long }), "prompt"],
    [client.video.fromImage({ deployment: IMAGE, prompt: "no image" }), "image"],
    [client.video.fromImage({ deployment: IMAGE, image: "a", model: "m".repeat(129) }), "model"],
    [client.science.weather.create({ deployment: WEATHER, name: "no input" }), "input"],
    [client.supplyChain.inference({ deployment: SUPPLY }), "obs_path"],
  ]) {
    await assert.rejects(refused, { field, isInvalidInput: true });
  }
});

test("a supply chain is asked for items, weights and a new forecast", async () => {
  const where = { deployment: SUPPLY };
  const { items, count } = await client.supplyChain.items(where);
  assert.equal(items.length, count);
  const weights = await client.supplyChain.featureImportance({ ...where, level: "型号" });
  assert.ok(Object.values(weights).every((item) => "价格" in item));
  assert.deepEqual((await client.supplyChain.predictions({ ...where, items })).request, { items });
  await assert.rejects(client.supplyChain.featureImportance({ ...where, level: "?" }), { code: "PANGU.0010" });
  const job = await client.supplyChain.inference({ ...where, obs_path: "obs://emulator-bucket/in" });
  await later();
  assert.match((await job.wait()).info, /推理完成/);
  const again = await client.supplyChain.resume(job.id, where);
  assert.equal((await again.wait()).status, "completed");
});
