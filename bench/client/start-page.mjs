/**
 * What starting costs a page in Chromium: from the opening of a page that knows nothing yet to the
 * first answer. Every client is bundled by esbuild as pages do it. Prints, for each round,
 * `contestant <tab> milliseconds`. Arguments: the rivals' node_modules, a folder for the bundles,
 * and how many rounds.
 */

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchBrowser } from "../../tests/support/browser.mjs";

const [modules, folder, rounds] = process.argv.slice(2);
const dist = fileURLToPath(new URL("../../pkg/dist/", import.meta.url));
const messages = '[{ role: "user", content: "Where does the Yangtze rise?" }]';
const model = '"pangu-nlp-n2"';

/** A program for each, which sets `answer`. */
const contestants = {
  fetch: `const answer = await (await fetch("/api/v2/chat/completions", {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: ${model}, messages: ${messages} }) })).json();`,
  "pangulm (npm)": `import { PanguLM } from ${JSON.stringify(path.join(dist, "browser.js"))};
    const client = new PanguLM({ endpoint: location.origin, model: ${model}, credentials: { proxied: true } });
    const answer = await client.chat.completions.create({ messages: ${messages} });`,
  "openai-node": `import OpenAI from "openai";
    const client = new OpenAI({ baseURL: location.origin + "/api/v2", apiKey: "a-key", dangerouslyAllowBrowser: true });
    const answer = await client.chat.completions.create({ model: ${model}, messages: ${messages} });`,
};

const completion = JSON.stringify({
  id: "chat-1",
  object: "chat.completion",
  created: 1740816000,
  model: "pangu-nlp-n2",
  choices: [{ index: 0, message: { role: "assistant", content: "a".repeat(800) }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 90, total_tokens: 99 },
});

const names = Object.keys(contestants);
await Promise.all(names.map(bundle));
const server = createServer(serve).listen(0, "127.0.0.1");
const browser = await launchBrowser();
try {
  // The first round warms up the browser itself.
  for (let round = 0; round <= Number(rounds); round++) {
    for (const name of names) {
      const took = await open(name);
      if (round > 0) console.log(`${name}\t${took.toFixed(2)}`);
    }
  }
} finally {
  await browser.close();
  server.close();
}

async function bundle(name) {
  const outdir = path.join(folder, String(names.indexOf(name)));
  await mkdir(outdir, { recursive: true });
  const contents = `${contestants[name]}
    if (answer.choices[0].message.content.length < 500) throw new Error("an answer is missing");
    globalThis.took = performance.now();`;
  const entry = path.join(outdir, "entry.mjs");
  await writeFile(entry, contents);
  await build({
    entryPoints: { page: entry },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    nodePaths: [modules],
    logLevel: "error",
  });
  for (const file of ["pangulm.wasm", "pangulm-signing.wasm"]) await copyFile(path.join(dist, file), path.join(outdir, file));
}

async function serve(request, response) {
  if (request.method === "POST") {
    request.resume();
    return response.writeHead(200, { "content-type": "application/json" }).end(completion);
  }
  const file = new URL(request.url, "http://x").pathname;
  if (file.endsWith("/")) {
    const page = '<!doctype html><title>start</title><script type="module" src="page.js"></script>';
    return response.writeHead(200, { "content-type": "text/html" }).end(page);
  }
  const type = file.endsWith(".wasm") ? "application/wasm" : "text/javascript";
  try {
    const body = await readFile(path.join(folder, file));
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Milliseconds from the start of the navigation, in a browser context of its own. */
async function open(name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(name, error));
  await page.goto(`http://127.0.0.1:${server.address().port}/${names.indexOf(name)}/`);
  const took = await (await page.waitForFunction(() => globalThis.took)).jsonValue();
  await context.close();
  return took;
}
