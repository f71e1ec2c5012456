/** The entry for Node, Deno and Bun: has the wasm file as part of the module, and hashes by OpenSSL. */

import { packed } from "../generated/inlined-signer.js";
import { setHostHash } from "../signer/hash.js";
import { openssl } from "../signer/hash-node.js";
import { setWasmSource } from "../signer/wasm.js";
import { unpacked } from "../unpacked-node.js";

setWasmSource(() => unpacked(packed));
setHostHash(openssl);

export * from "./index.js";
