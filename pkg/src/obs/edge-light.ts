/** The entry for Vercel's edge runtime: see `../edge-light.ts`. */

import wasm from "../signer.wasm?module";
import { setWasmSource } from "../signer/wasm.js";

setWasmSource(() => wasm);

export * from "./index.js";
