/** The entry for Node, Deno and Bun: has the wasm file as part of the module, and hashes by OpenSSL. */

import { packed } from "../generated/inlined-signer.js";
import { unpacked } from "../unpacked-node.js";
import { setHostHash } from "./hash.js";
import { openssl } from "./hash-node.js";
import { setWasmSource } from "./wasm.js";

setWasmSource(() => unpacked(packed));
setHostHash(openssl);

export * from "./index.js";
