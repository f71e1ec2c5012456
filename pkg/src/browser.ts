/** The entry for browsers and bundlers: fetches the wasm files from beside this module. */

import { setWasmSource } from "./engine.js";

// Written out, for bundlers look for these very words.
const files = {
  pangulm: () => new URL("./pangulm.wasm", import.meta.url),
  "pangulm-signing": () => new URL("./pangulm-signing.wasm", import.meta.url),
};
setWasmSource((file) => files[file]());

export * from "./index.js";
export { PanguLM as default } from "./index.js";
