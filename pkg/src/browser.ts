/**
 * The entry for browsers and bundlers: fetches the wasm files from beside this module, and heals itself
 * where they are not there.
 */

import { setWasmSource } from "./engine.js";
import { healing } from "./healing.js";

// Written out, for bundlers look for these very words.
const files = {
  pangulm: () => new URL("./pangulm.wasm", import.meta.url),
  "pangulm-signing": () => new URL("./pangulm-signing.wasm", import.meta.url),
};
setWasmSource((file) => healing(files[file](), () => import("./generated/inlined-engine.js")));

export * from "./index.js";
