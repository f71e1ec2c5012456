/** The entry for Cloudflare Workers, which run only wasm that was deployed as a module. */

import { setWasmSource } from "./engine.js";
import wasm from "./pangulm-signing.wasm";

setWasmSource(() => wasm);

export * from "./index.js";
