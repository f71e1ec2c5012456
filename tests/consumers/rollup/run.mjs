import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { openBuilt } from "./support/browser.mjs";

const bundle = await rollup({ input: "support/page.js", plugins: [nodeResolve({ browser: true })] });
await bundle.write({ dir: "dist" });
await openBuilt("dist");
