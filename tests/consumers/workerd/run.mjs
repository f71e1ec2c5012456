import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { info, tellSize } from "./support/emulator.mjs";
import { run } from "./support/run.mjs";

process.env.WRANGLER_SEND_METRICS = "false";
await run("wrangler", "deploy", "--dry-run", "--outdir", "dist");

// What would have been deployed, in the runtime that it would have been deployed to.
const { Miniflare } = createRequire(createRequire(import.meta.url).resolve("wrangler"))("miniflare");
const files = readdirSync("dist").filter((name) => /\.(js|wasm)$/.test(name));
const modules = files.map((name) => ({ type: name.endsWith(".js") ? "ESModule" : "CompiledWasm", path: join("dist", name) }));
modules.sort((one, other) => one.type.localeCompare(other.type)).reverse();
tellSize(modules.reduce((sum, { path }) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0));
const worker = new Miniflare({ modules, modulesRoot: "dist", compatibilityDate: "2025-11-01" });
try {
  const answer = await worker.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(info) });
  const text = await answer.text();
  if (text !== "kept") throw new Error(text);
} finally {
  await worker.dispose();
}
