/** Opens pages in the browsers that `cargo xtask consumers` has found. */

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { info, tellSize } from "./emulator.mjs";

const { PANGULM_ROOT, PANGULM_CHROMIUM, PANGULM_FIREFOX } = process.env;
const tools = createRequire(join(PANGULM_ROOT, "package.json"));

const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** How long a browser may take to start, to load a page, or to tell its story, on a busy machine. */
const timeout = 120_000;

const TYPES = { html: "text/html", js: "text/javascript", mjs: "text/javascript", css: "text/css", wasm: "application/wasm" };

/** The page of those who make only a script. */
const PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>';

/**
 * Serves a folder and opens its page in every browser there is.
 *
 * @param {string} folder what was built
 * @param {string} [page] the page, if the folder has no `index.html`
 */
export async function openBuilt(folder, page = PAGE) {
  const loaded = new Map();
  const server = createServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname).replace(/\/$/, "/index.html");
    const body = await read(folder, path).catch(() => path === "/index.html" && page);
    const type = TYPES[path.split(".").pop()];
    if (body) loaded.set(path, gzipSync(body, { level: 9 }).length);
    response.writeHead(body ? 200 : 404, type && { "content-type": type }).end(body || undefined);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${server.address().port}/`;
    await inChromium(address);
    tellSize([...loaded.values()].reduce((sum, bytes) => sum + bytes, 0));
    await inFirefox(address);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function read(folder, path) {
  const file = resolve(join(folder, path));
  if (!file.startsWith(resolve(folder) + sep)) throw new Error("outside of the folder");
  return readFile(file);
}

/** Opens a page in Chromium, and returns when it says that the story was kept. */
export async function inChromium(address) {
  const { chromium } = tools("playwright-core");
  const browser = await chromium.launch({ executablePath: PANGULM_CHROMIUM, args: CHROMIUM_FLAGS, timeout });
  try {
    const page = await browser.newPage();
    await follow(page, address);
  } finally {
    await browser.close();
  }
}

/** The same in Firefox, where there is one. */
export async function inFirefox(address) {
  if (!PANGULM_FIREFOX) return;
  const { default: puppeteer } = await import(tools.resolve("puppeteer-core"));
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: PANGULM_FIREFOX, headless: true, timeout });
  try {
    const page = await browser.newPage();
    await follow(page, address);
  } finally {
    await browser.close();
  }
}

async function follow(page, address) {
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  const fragment = `#${encodeURIComponent(JSON.stringify(info))}`;
  // The one way that playwright and puppeteer share: their waitForFunction takes options in different places.
  page.setDefaultTimeout(timeout);
  await page.goto(address + fragment);
  const title = await page
    .waitForFunction(() => document.title)
    .then((handle) => handle.jsonValue())
    .catch((error) => `no end: ${error}`);
  if (title !== "kept") throw new Error(`the page at ${address} says: ${title}\n${said.join("\n")}`);
}
