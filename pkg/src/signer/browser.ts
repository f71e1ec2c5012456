/** The entry for browsers and bundlers: fetches the wasm file from beside the package's modules. */

import { setWasmSource } from "./wasm.js";

setWasmSource(() => new URL("../signer.wasm", import.meta.url));

export * from "./index.js";
