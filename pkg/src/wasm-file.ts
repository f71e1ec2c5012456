/** A wasm file of the package as an import: workers get it as a module. */

import type { WasmModule } from "./host-types.js";

declare const wasm: WasmModule;
export default wasm;
