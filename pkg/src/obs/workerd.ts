/** The entry for Cloudflare Workers: see `../workerd.ts`. */

import wasm from "../signer.wasm";
import { setWasmSource } from "../signer/wasm.js";

setWasmSource(() => wasm);

export * from "./index.js";
