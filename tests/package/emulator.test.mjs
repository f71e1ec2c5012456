/** The emulator's npm packages, installed from their tarballs, start the emulator. */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const { PANGULM_EMULATOR_TARBALLS: tarballs } = process.env;
if (!tarballs) throw new Error("PANGULM_EMULATOR_TARBALLS is not set: run the tests by `cargo xtask test package`");
const [program, launcher] = tarballs.split("\n");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const folders = [];

/** A project with these tarballs installed and nothing fetched. */
async function projectWith(...packages) {
  const folder = await mkdtemp(join(tmpdir(), "pangulm-emulator-"));
  folders.push(folder);
  await writeFile(join(folder, "package.json"), '{"private":true}');
  await run(npm, ["install", "--offline", "--no-audit", "--no-fund", ...packages], { cwd: folder });
  return folder;
}

/** The command that npm has put into the project, with its first line read. */
async function started(cwd, ...flags) {
  const bin = join(cwd, "node_modules/.bin/pangulm-emulator");
  const child = spawn(bin, flags, { cwd, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, info: JSON.parse(line) };
}

const isGone = async (url) => fetch(url).then(() => false, () => true);

let project;
before(async () => {
  project = await projectWith(program, launcher);
});
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

test("the installed command starts an emulator that answers, and ends with its stdin", async () => {
  const { child, info } = await started(project, "--until-stdin-closes");
  const answer = await fetch(`${info.url}/api/v2/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${info.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: info.model, messages: [{ role: "user", content: "hello" }] }),
  });
  assert.match((await answer.json()).choices[0].message.content, /hello/);
  child.stdin.end();
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
  assert.ok(await isGone(info.url));
});

test("a signal to the command ends the emulator", async () => {
  const { child, info } = await started(project);
  child.kill("SIGTERM");
  await once(child, "exit");
  assert.ok(await isGone(info.url));
});

test("options reach the emulator, and its exit code comes back", async () => {
  const child = spawn(join(project, "node_modules/.bin/pangulm-emulator"), ["--prot", "1"]);
  const [said] = await Promise.all([text(child.stderr), once(child, "exit")]);
  assert.match(said, /--prot/);
  assert.notEqual(child.exitCode, 0);
});

test("a platform without a package is told what to do", async () => {
  const alone = await projectWith("--omit=optional", launcher);
  const child = spawn(join(alone, "node_modules/.bin/pangulm-emulator"));
  const [said] = await Promise.all([text(child.stderr), once(child, "exit")]);
  assert.match(said, /@pangulm\/emulator-\S+ is not installed[^]*--include=optional[^]*cargo install pangulm-emulator/);
  assert.equal(child.exitCode, 1);
});
