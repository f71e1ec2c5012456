/** What the READMEs print is true: their programs run, their tables match the code, and both agree. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../support/emulator.mjs";
import { blocksIn, exportsIn, onEmulator } from "../support/readme.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFile(new URL(path, root), "utf8");
const [english, chinese] = await Promise.all([read("README.md"), read("README.zh-CN.md")]);
const blocks = blocksIn(english);

/** A program of examples/ without the comment at its head. */
const withoutHead = (program) => program.replace(/^(\/\/!.*\n)+\n/, "").replace(/^\/\*\*[^]*?\*\/\n\n/, "");

/** All matches of `pattern`'s group, once each and sorted. */
const found = (where, pattern) => [...new Set([...where.matchAll(pattern)].map(([, group]) => group))].sort();

test("both languages have the same sections, the same code and tables of the same size", () => {
  const shape = (markdown) => markdown.match(/^(#+ |\|)/gm);
  assert.deepEqual(shape(chinese), shape(english));
  assert.deepEqual(blocksIn(chinese), blocks);
});

test("both languages link to the same places and name the same variables and options", () => {
  const facts = (markdown) => found(markdown, /(https:\/\/[^\s)]+|\b(?:PANGU|HUAWEICLOUD)_\w+|--[a-z][\w-]+|`is\w+(?:\(\))?`)/g);
  assert.deepEqual(facts(chinese), facts(english));
});

test("the Rust and the JavaScript example are files that run", async () => {
  const first = (language) => blocks.find((block) => block.language === language).code;
  assert.equal(first("rust"), withoutHead(await read("crates/pangulm/examples/chat.rs")));
  assert.equal(first("js"), withoutHead(await read("examples/chat.mjs")));
});

test("every JavaScript program runs as printed, with the variables as printed", async () => {
  const programs = blocks.filter(({ language, code }) => language === "js" && code.includes("import "));
  assert.equal(programs.length, 2);
  const emulator = await startEmulator();
  try {
    const variables = onEmulator(emulator, exportsIn(english));
    for (const { code } of programs) {
      const child = spawn(process.execPath, ["--input-type=module"], {
        cwd: fileURLToPath(root),
        env: { PATH: process.env.PATH, ...variables },
      });
      child.stdin.end(code);
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      assert.equal(err, "");
      assert.match(out, /模拟的回答[^]*completion_tokens: \d+/);
    }
  } finally {
    await emulator.stop();
  }
});

test("the table of operations is that of the spec", async () => {
  const folder = process.env.PANGULM_OPENAPI;
  const specs = (await Promise.all(["pangulm", "iam"].map((name) => readFile(join(folder, `${name}.json`), "utf8")))).join();
  const table = english.slice(english.indexOf("## What is supported today"));
  assert.deepEqual(found(table, /^\| `(\w+)`/gm), found(specs, /"operationId":"(\w+)"/g));
});

test("every variable is one that the engine reads", async () => {
  const sources = ["crates/pangulm-core/src/settings.rs", "crates/pangulm/src/sources.rs"];
  const known = (await Promise.all(sources.map(read))).join();
  for (const name of found(english, /\b((?:PANGU|HUAWEICLOUD)_\w+)/g)) assert.ok(known.includes(`"${name}"`), name);
});

test("every predicate of the table of errors exists in both languages", async () => {
  const [rust, javascript] = await Promise.all([read("crates/pangulm-core/src/error/mod.rs"), read("pkg/src/errors.ts")]);
  for (const name of found(english, /`(is_\w+)\(\)`/g)) assert.ok(rust.includes(`pub fn ${name}(`), name);
  for (const name of found(english, /`(is[A-Z]\w+)`/g)) assert.ok(javascript.includes(`get ${name}()`), name);
});

test("every command of cargo xtask exists", async () => {
  const known = await read("xtask/src/main.rs");
  for (const name of found(english, /cargo xtask (\w+)/g)) assert.ok(known.includes(`("${name}", `), name);
});

test("every file that a page links to is there", async () => {
  for (const page of ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "pkg/README.md"]) {
    const links = found(await read(page), /\]\((?!https:)([^)#]+)/g);
    for (const link of links) await access(new URL(link, new URL(page, root)));
  }
});
