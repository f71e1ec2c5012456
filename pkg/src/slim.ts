/**
 * The entry without an engine, for who brings it along: `ready` takes it.
 *
 * ```ts
 * import { PanguLM, ready } from "pangulm/slim";
 *
 * await ready("/assets/pangulm.wasm");
 * ```
 */

import { setObsSource } from "./late.js";

setObsSource(() => import("./obs/inline.js"));

export * from "./index.js";
