/** Every promise of docs/reliability.md names tests, and every test that it names is there. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const page = new URL("../../docs/reliability.md", import.meta.url);
const text = await readFile(page, "utf8");
const [, ...promises] = text.split(/^## /m);
const linksIn = (markdown) => [...markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);

test("every promise names a test", () => {
  assert.ok(promises.length >= 14);
  for (const promise of promises) {
    const isTest = (link) => link.includes("#") || link.includes("/scenarios/");
    assert.ok(linksIn(promise).some(isTest), promise.split("\n", 1)[0]);
  }
});

test("every test that is named is there", async () => {
  let tests = 0;
  for (const link of linksIn(text)) {
    const [path, name] = link.split("#");
    const file = await readFile(new URL(path, page), "utf8");
    if (name === undefined) continue;
    tests += 1;
    const title = decodeURIComponent(name);
    const isThere = path.endsWith(".rs") ? isRustTest(file, title) : file.includes(`test(${JSON.stringify(title)}, `);
    assert.ok(isThere, `${path} has no test "${title}"`);
  }
  assert.ok(tests > 40, `${tests}`);
});

function isRustTest(file, name) {
  return new RegExp(`#\\[(tokio::)?test[^\\n]*\\n(\\s*#\\[[^\\n]*\\n)*\\s*(async )?fn ${name}\\(`).test(file);
}

test("every story of tests/scenarios that is named is run by every driver", async () => {
  const list = await readFile(new URL("../support/scenario.rs", import.meta.url), "utf8");
  for (const link of linksIn(text).filter((link) => link.includes("scenarios/"))) {
    const name = link.replace(/^.*scenarios\/|\.json$/g, "");
    assert.match(list, new RegExp(`^ {12}${name},$`, "m"));
  }
});
