/** The entry for Cloudflare Workers, which run only wasm that was deployed as a module. */

import { setWasmSource } from "./engine.js";
import { setObsSource } from "./late.js";
import wasm from "./pangulm-signing.wasm";

setWasmSource(() => wasm);
setObsSource(() => import("./obs/workerd.js"));

export * from "./index.js";
