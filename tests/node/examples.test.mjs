/** Every example and the demo's Node client run as their headers say, on the emulator. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PanguLM } from "../../pkg/dist/node.js";
import { exportsIn, onEmulator } from "../support/readme.mjs";
import { startEmulator } from "../support/emulator.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const examples = new URL("../../examples/", import.meta.url);
let emulator;

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

/** What each example prints, among other things. */
const PRINTED = {
  "agent.mjs": /^\[start\]\n\[plugin_start\]\n\[plugin_end\]\n您的问题是[^]*之前您问过[^]*“明天呢\?”/,
  "ak_sk.mjs": /介绍一下长江/,
  "cancel.mjs": / … enough\n.*ended by its signal; so far: 您/,
  "chat.mjs": /鱼类.*\n\{ prompt_tokens: \d+/,
  "colleague.mjs": /^user colleague-\d+: [^]*access key: EMULATOR[^]*介绍一下长江/,
  "lineage.mjs": /^emulator-bucket\/rivers -> river-questions\n[^]*river-questions-final\ndeleted: true\n$/,
  "picture.mjs": /^\d+ tokens: 图[^]*图中有什么/,
  "objects.mjs": /^train\/长江\.jsonl 33 bytes\n\{"context":\n\{"context":"介绍一下长江"\}/,
  "science_job.mjs": /^started \w+\nPENDING\n[^]*SUCCEEDED\nresults\/.*: \d+ bytes\n$/,
  "complete.mjs": /“长江是”.*\n\{ prompt_tokens: [^]*“长江是”/,
  "embeddings.mjs": /^0\.\d\d 长江有多长\?\n[^]*今天星期几\n闲聊类\n$/,
  "detect_objects.mjs": /^car \(94 %\): \d+ x \d+ pixels at \d+, \d+\nperson /,
  "forecast.mjs": /^load tomorrow, hour by hour: 300, 350, .*, 350\n$/,
  "stream.mjs": /介绍一下长江[^]*completion_tokens: \d+/,
  "supply_chain.mjs": /生活家电\/空调[^]*价格[^]*started infer_\d+_\d+\n推理完成/,
  "token.mjs": /长江.*\n.*黄河/,
  "video.mjs": /^started [\w-]+\nPROCESSING\n[^]*\.mp4: \d+ bytes\n$/,
  "workflow.mjs": /请问是什么时间？\n[^]*明天下午三点[^]*\d+ events, end confirmed: false\n$/,
  "tools.mjs": /^get_weather\(\{.*\}\)\nThe tool said: “sunny/,
};

/** Runs a program at the root of the repository and waits for its end. */
async function run(file, variables, ...words) {
  const child = spawn(process.execPath, [file, ...words], { cwd: root, env: { PATH: process.env.PATH, ...variables } });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { out, err, code };
}

/** The variables that the header of an example tells to set. */
const variablesOf = async (name) => onEmulator(emulator, exportsIn(await readFile(new URL(name, examples), "utf8")));

test("every example is tried", async () => {
  const names = (await readdir(examples)).filter((name) => name.endsWith(".mjs"));
  assert.deepEqual(names.sort(), [...Object.keys(PRINTED), "proxy.mjs"].sort());
});

for (const [name, printed] of Object.entries(PRINTED)) {
  test(`examples/${name} runs as its header says`, async () => {
    const { out, err, code } = await run(`examples/${name}`, await variablesOf(name));
    assert.equal(err, "");
    assert.match(out, printed);
    assert.equal(code, 0);
  });
}

test("examples/proxy.mjs lets a client without a key call, and nobody else", async () => {
  const child = spawn(process.execPath, ["examples/proxy.mjs"], {
    cwd: root,
    env: { PATH: process.env.PATH, ...(await variablesOf("proxy.mjs")), PORT: "0", SESSION: "mine" },
  });
  try {
    const [address] = await once(child.stdout.setEncoding("utf8"), "data");
    const { projectId, deploymentId } = emulator.info;
    const chats = (token) =>
      new PanguLM({ endpoint: address.trim(), projectId, deployment: deploymentId, credentials: { token } }).chat.completions;
    const messages = [{ role: "user", content: "hello" }];
    const stream = await chats(() => "mine").create({ messages, stream: true });
    assert.match((await stream.finalMessage()).choices[0].message.content, /hello/);
    await assert.rejects(chats(() => "other").create({ messages }), { status: 401 });
    await assert.rejects(chats(() => "mine").create({ messages, deployment: "other" }), { status: 404 });
  } finally {
    child.kill();
  }
});

test("the demo's client answers the question it is given", async () => {
  const { out, code } = await run("pkg/demo/ask.mjs", await variablesOf("chat.mjs"), "how", "are you?");
  assert.match(out, /“how are you\?”.*\n\[\d+ tokens: \d+ asked, \d+ answered\]\n$/);
  assert.equal(code, 0);
});

test("the demo's client says what is wrong in one line", async () => {
  const { err, code } = await run("pkg/demo/ask.mjs", { ...(await variablesOf("chat.mjs")), PANGU_API_KEY: "wrong" }, "hi");
  assert.match(err, /^.*PANGU\.0011.*\n$/);
  assert.equal(code, 1);
});

test("the demo's client stops on the first Ctrl-C", async () => {
  const slow = await startEmulator("--pace", "60000");
  try {
    const variables = onEmulator(slow, exportsIn(await readFile(new URL("chat.mjs", examples), "utf8")));
    const child = spawn(process.execPath, ["pkg/demo/ask.mjs", "hi"], { cwd: root, env: { PATH: process.env.PATH, ...variables } });
    const ended = Promise.all([text(child.stderr), once(child, "exit")]);
    const arrived = async () => (await (await fetch(`${slow.info.url}/_emulator/requests`)).json()).requests.length > 0;
    while (!(await arrived())) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGINT");
    const [err, [code]] = await ended;
    assert.equal(err, "\n[stopped]\n");
    assert.equal(code, 130);
  } finally {
    await slow.stop();
  }
});
