/** The entry with the wasm file as part of the module: see `../inline.ts`. */

import { packed } from "../generated/inlined-signer.js";
import { setWasmSource } from "../signer/wasm.js";
import { unpacked } from "../unpacked.js";

setWasmSource(() => unpacked(packed));

export * from "./index.js";
