/** The entry for browsers and bundlers: fetches the wasm file from beside this module. */

import { setWasmSource } from "./engine.js";

setWasmSource(() => new URL("./pangulm.wasm", import.meta.url));

export * from "./index.js";
export { PanguLM as default } from "./index.js";
