/**
 * The entry for Node, Deno and Bun. The engine is part of the module: bundlers for servers move modules
 * about and leave the files beside them behind.
 */

import { setWasmSource } from "./engine.js";
import { packed } from "./generated/inlined-engine.js";
import { setObsSource } from "./late.js";
import { unpacked } from "./unpacked-node.js";

setWasmSource(() => unpacked(packed));
setObsSource(() => import("./obs/node.js"));

export * from "./index.js";
