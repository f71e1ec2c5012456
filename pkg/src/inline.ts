/**
 * The entry with the engine as part of the module, for every runtime that may compile wasm: one file
 * is all there is to serve.
 */

import { setWasmSource } from "./engine.js";
import { packed } from "./generated/inlined-engine.js";
import { setObsSource } from "./late.js";
import { unpacked } from "./unpacked.js";

setWasmSource(() => unpacked(packed));
setObsSource(() => import("./obs/inline.js"));

export * from "./index.js";
