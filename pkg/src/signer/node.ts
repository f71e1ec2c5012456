/** The entry for Node: reads the wasm file from the package's own folder. */

import { readFile } from "node:fs/promises";
import { setWasmSource } from "./wasm.js";

setWasmSource(() => readFile(new URL("../signer.wasm", import.meta.url)));

export * from "./index.js";
