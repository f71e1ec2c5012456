/** The entry for browsers and bundlers: see `../browser.ts`. */

import { healing } from "../healing.js";
import { setWasmSource } from "./wasm.js";

setWasmSource(() => healing(new URL("../signer.wasm", import.meta.url), () => import("../generated/inlined-signer.js")));

export * from "./index.js";
