import { build } from "esbuild";
import { openBuilt } from "./support/browser.mjs";

// Without a word about wasm, and in one file.
await build({ entryPoints: ["support/page.js"], outdir: "dist", bundle: true, minify: true, format: "esm" });
await openBuilt("dist");
