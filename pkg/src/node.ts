/** The entry for Node: reads the wasm file from the package's own folder. */

import { readFile } from "node:fs/promises";
import { setWasmSource } from "./engine.js";

setWasmSource(() => readFile(new URL("./pangulm.wasm", import.meta.url)));

export * from "./index.js";
export { PanguLM as default } from "./index.js";
