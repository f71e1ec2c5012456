/**
 * The code on the pages of docs/ is true: TypeScript accepts all of it that is ours, and what can run
 * runs on the emulator. The word after a block's language says how: `run` as a program, `route` by its
 * POST, `worker` by its default export, `proxy` between a client and the emulator; `theirs` is another
 * package's and left alone.
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { PanguLM } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";
import { exportsIn, onEmulator } from "../support/readme.mjs";

const root = new URL("../../", import.meta.url);
/** Below the repository, where the package is found by its own name. */
const folder = new URL("target/docs-blocks/", root);
const FOLDERS = ["docs/", "docs/quickstart/", "docs/moving/"];
const OURS = /^(ts|tsx|js)$/;

let emulator;
const pages = await readPages();
const blocks = pages.flatMap(({ path, markdown }) => blocksOf(path, markdown));

before(async () => {
  emulator = await startEmulator();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
});
after(() => emulator.stop());

async function readPages() {
  const listed = FOLDERS.map(async (name) => {
    const files = (await readdir(new URL(name, root))).filter((file) => file.endsWith(".md"));
    return files.map((file) => name + file);
  });
  const paths = [...(await Promise.all(listed)).flat(), "CHANGELOG.md"];
  return Promise.all(paths.map(async (path) => ({ path, markdown: await readFile(new URL(path, root), "utf8") })));
}

/** The blocks of a page that are ours, with the file name under which they are tried. */
function blocksOf(path, markdown) {
  const found = [...markdown.matchAll(/^```(\w+)(?: (\w+))?\n([^]*?)^```$/gm)];
  return found
    .map(([, language, how, code], at) => ({ language, how, code, file: `${path.slice(0, -3).replaceAll("/", "-")}-${at}` }))
    .filter(({ language, how }) => OURS.test(language) && how !== "theirs");
}

const of = (how) => blocks.filter((block) => block.how === how);
const variables = () => onEmulator(emulator, Object.assign({}, ...pages.map(({ markdown }) => exportsIn(markdown)), official()));

/** The variables of the official SDK, for the page that names them. */
function official() {
  const { accessKeyId, secretAccessKey, projectId } = emulator.info;
  return { HUAWEICLOUD_SDK_AK: accessKeyId, HUAWEICLOUD_SDK_SK: secretAccessKey, HUAWEICLOUD_SDK_PROJECT_ID: projectId };
}

/** Writes a block as a module that Node can load. */
async function asModule({ file, code }) {
  const { code: plain } = await transform(code.replaceAll("http://127.0.0.1:8787", emulator.info.url), { loader: "tsx", format: "esm" });
  const module = new URL(`${file}.mjs`, folder);
  await writeFile(module, plain);
  return module;
}

/** What blocks that begin in the middle take for granted; others have names of their own, which go before. */
const PRELUDE = `declare const client: import("pangulm").PanguLM;
declare const messages: import("pangulm").ChatMessage[];
declare const PanguLM: typeof import("pangulm").PanguLM;
declare const accessKeyId: string, apiKey: string, body: string, projectId: string, secret: string, url: string;
`;
const STANDS_FOR_REACT = `declare module "react" {
  export function useState<T>(first: T): [T, (next: T | ((before: T) => T)) => void];
}
declare module "react/jsx-runtime" {
  export const jsx: unknown, jsxs: unknown;
  export namespace JSX { interface IntrinsicElements { [tag: string]: any } }
}
`;

test("TypeScript accepts every block", async () => {
  for (const { language, code, file } of blocks) {
    await writeFile(new URL(`${file}.${language === "tsx" ? "tsx" : "ts"}`, folder), `${code}\nexport {};\n`);
  }
  await writeFile(new URL("names.d.ts", folder), PRELUDE);
  await writeFile(new URL("react.d.ts", folder), STANDS_FOR_REACT);
  const compilerOptions = {
    ...{ target: "ES2022", lib: ["ES2022", "DOM", "DOM.Iterable"], types: ["node"], module: "ESNext", moduleResolution: "Bundler" },
    ...{ jsx: "react-jsx", strict: true, noEmit: true },
  };
  await writeFile(new URL("package.json", folder), JSON.stringify({ type: "module" }));
  await writeFile(new URL("tsconfig.json", folder), JSON.stringify({ compilerOptions, include: ["*.ts", "*.tsx"] }));
  const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  const { stdout, status } = spawnSync(process.execPath, [tsc, "--project", fileURLToPath(folder)], { encoding: "utf8" });
  assert.equal(stdout, "");
  assert.equal(status, 0);
});

test("every program runs as printed", async () => {
  assert.ok(of("run").length >= 8);
  for (const block of of("run")) {
    const module = await asModule(block);
    const child = spawn(process.execPath, [fileURLToPath(module)], { env: { PATH: process.env.PATH, ...variables() } });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    assert.equal(err, "", block.file);
    assert.match(out, /emulat|模拟|createChatCompletion/, block.file);
  }
});

/** What a handler of requests answers to a question. */
async function answerOf(block, handle) {
  const module = await asModule(block);
  Object.assign(process.env, variables());
  const request = new Request("http://127.0.0.1/api/chat", { method: "POST", body: JSON.stringify({ question: "介绍一下长江" }) });
  const response = await handle(await import(module), request);
  assert.equal(response.status, 200, block.file);
  return response.text();
}

test("every route and worker answers a question", async () => {
  assert.deepEqual([of("route").length, of("worker").length], [1, 2]);
  for (const block of of("route")) assert.match(await answerOf(block, ({ POST }, request) => POST(request)), /介绍一下长江/);
  for (const block of of("worker")) {
    const handle = (module, request) => module.default.fetch(request, process.env);
    assert.match(await answerOf(block, handle), /介绍一下长江/, block.file);
  }
});

test("the proxy lets a client without a key call, and nobody else", async () => {
  const [block] = of("proxy");
  const { pass } = await import(await asModule(block));
  const { PANGU_ENDPOINT, PANGU_API_KEY } = variables();
  const fetch = (url, init) => pass(new Request(url, { ...init, duplex: "half" }), PANGU_ENDPOINT, PANGU_API_KEY, "mine");
  const { projectId, deploymentId } = emulator.info;
  const chats = (token) =>
    new PanguLM({ endpoint: "http://127.0.0.1/pangu", projectId, deployment: deploymentId, credentials: { token }, fetch }).chat.completions;
  const messages = [{ role: "user", content: "hello" }];
  const stream = await chats(() => "mine").create({ messages, stream: true });
  assert.match((await stream.finalMessage()).choices[0].message.content, /hello/);
  await assert.rejects(chats(() => "other").create({ messages }), { status: 401 });
  await assert.rejects(chats(() => "mine").create({ messages, deployment: "other" }), { status: 404 });
});

test("every file that a page of docs links to is there", async () => {
  for (const { path, markdown } of pages) {
    for (const [, link] of markdown.matchAll(/\]\((?!https?:)([^)#]+)/g)) await access(new URL(link, new URL(path, root)));
  }
});

test("both READMEs link to every guide", async () => {
  const guides = pages.map(({ path }) => path).filter((path) => !path.startsWith("docs/quickstart/") || path.endsWith("README.md"));
  for (const name of ["README.md", "README.zh-CN.md"]) {
    const markdown = await readFile(new URL(name, root), "utf8");
    for (const guide of guides) assert.ok(markdown.includes(`(${guide})`), `${name} does not link to ${guide}`);
  }
});

test("what the pages name of the package exists", async () => {
  const sources = (await Promise.all(["options", "errors", "middleware", "tools/run"].map((name) => readFile(new URL(`pkg/src/${name}.ts`, root), "utf8")))).join();
  for (const { path, markdown } of pages) {
    for (const [, name] of markdown.matchAll(/`(is[A-Z]\w+)`/g)) assert.ok(sources.includes(`get ${name}()`), `${path}: ${name}`);
  }
});
