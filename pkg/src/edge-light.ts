/** The entry for Vercel's edge runtime, which runs only wasm that was built in under such a name. */

import { setWasmSource } from "./engine.js";
import { setObsSource } from "./late.js";
import wasm from "./pangulm-signing.wasm?module";

setWasmSource(() => wasm);
setObsSource(() => import("./obs/edge-light.js"));

export * from "./index.js";
