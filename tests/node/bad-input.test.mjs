/** Whoever gives something wrong, or runs in the wrong place, is told what to do. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PanguLM, PanguLMError } from "../../pkg/dist/node.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const messages = [{ role: "user", content: "hello" }];
const never = () => assert.fail("something was sent");

test("a wrong name is met with the one that was meant", async () => {
  const cases = [
    [{ retries: 1 }, /retries: is no option; did you mean maxRetries\?/],
    [{ timout: 1 }, /timout: is no option; did you mean timeout\?/],
    [{ api_key: "k" }, /api_key: is no option; did you mean apiKey\?/],
    [{ endPoint: "x" }, /endPoint: is no option; did you mean endpoint\?/],
    [{ accessKeyID: "k" }, /accessKeyID: is no option; did you mean credentials: \{ accessKeyId \}\?/],
    [{ credentials: { secretAccesKey: "k" } }, /secretAccesKey: is no credential; did you mean secretAccessKey\?/],
    [{ baseURL: "x" }, /baseURL: is no option; there are endpoint, v2Endpoint, /],
    [{ constructor: 1 }, /constructor: is no option; there are /],
  ];
  for (const [options, expected] of cases) {
    assert.throws(() => new PanguLM(options), (error) => error instanceof PanguLMError && error.isInvalidInput && expected.test(error.message));
  }
});

test("a wrong setting of a call is refused before anything is sent", async () => {
  const client = new PanguLM({ endpoint: "http://127.0.0.1:9", projectId: "p", deployment: "d", apiKey: "k", fetch: never });
  const cases = [
    [{ timeOut: 1 }, /timeOut: is no setting of a call; did you mean timeout\?/],
    [{ abortSignal: AbortSignal.abort() }, /abortSignal: is no setting of a call; did you mean signal\?/],
    [{ organization: "x" }, /organization: is no setting of a call; there are signal, timeout, maxRetries, headers, fetch/],
    [{ timeout: "5" }, /timeout: must be a number; got string/],
    [{ fetch: "node-fetch" }, /fetch: must be a function; got string/],
  ];
  for (const [options, expected] of cases) {
    await assert.rejects(client.chat.completions.create({ messages }, options), (error) => error.isInvalidInput && expected.test(error.message));
    await assert.rejects(client.request("listProjects", {}, undefined, options), expected);
  }
});

test("a client without a credential is told where to give one", async () => {
  for (const options of [{}, { endpoint: "https://h/v1/p/deployments/d" }]) {
    const client = new PanguLM({ projectId: "p", deployment: "d", ...options, fetch: never });
    await assert.rejects(client.chat.completions.create({ messages }), /the client has no credential; give it/);
  }
});

/** Runs a program in a Node that lacks something, with a client whose calls go nowhere. */
function without(name, code) {
  const program = `const { PanguLM } = await import("./pkg/dist/node.js");
    delete globalThis.${name};
    const client = (more) => new PanguLM({ endpoint: "http://127.0.0.1:9", projectId: "p", deployment: "d", apiKey: "k", ...more });
    const said = (error) => console.log(error.name, error.kind, error.attempts, error.message);
    const call = (more) => client(more).chat.completions.create({ messages: [{ role: "user", content: "hello" }] });
    ${code}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], { cwd: root, input: program, encoding: "utf8" });
  assert.equal(stderr, "");
  return stdout;
}

test("a runtime that lacks something is told what, and what to use", () => {
  for (const name of ["fetch", "WebAssembly", "FinalizationRegistry", "TextDecoder"]) {
    const said = without(name, "await call().catch(said);");
    assert.match(said, new RegExp(`^PanguLMError runtime 0 this runtime has no ${name}: use Node 20, Deno, Bun or a browser of 2022`));
  }
});

test("a runtime without fetch does with one that is given", () => {
  const answer = `{ choices: [{ message: { content: "made" } }] }`;
  const code = `console.log((await call({ fetch: async () => Response.json(${answer}) })).choices[0].message.content)`;
  assert.equal(without("fetch", code), "made\n");
});

test("a wasm file that is missing or forbidden is told with its remedy", () => {
  const failing = (message) =>
    `const { compile } = WebAssembly; // Node's own fetch has a small file, too.
    const refused = () => Promise.reject(new WebAssembly.CompileError(${JSON.stringify(message)}));
    WebAssembly.compile = (bytes) => (bytes.byteLength > 100_000 ? refused() : compile(bytes));
    await call().catch(said);`;
  const forbidden = without("_", failing("violates the following Content Security policy directive: \"script-src 'self'\""));
  assert.match(forbidden, /^PanguLMError runtime 0 WebAssembly is forbidden here \(.*script-src 'self' 'wasm-unsafe-eval'\n$/);
  const broken = without("_", failing("expected magic word"));
  assert.match(broken, /^PanguLMError runtime 0 the wasm file cannot be loaded \(expected magic word\): see that the page/);
});
