/**
 * The entry without an engine, for who brings it along: `ready` takes it.
 *
 * ```ts
 * import { PanguLM, ready } from "pangulm/slim";
 *
 * await ready("/assets/pangulm.wasm");
 * ```
 */

export * from "./index.js";
