/** The entry for Node: reads the wasm files from the package's own folder. */

import { readFile } from "node:fs/promises";
import { setWasmSource } from "./engine.js";

setWasmSource((file) => readFile(new URL(`./${file}.wasm`, import.meta.url)));

export * from "./index.js";
export { PanguLM as default } from "./index.js";
