/**
 * The entry for browsers and bundlers: fetches the wasm files from beside this module, and heals itself
 * where they are not there.
 */

import { setWasmSource } from "./engine.js";
import { healing } from "./healing.js";
import { setObsSource } from "./late.js";

// Written out, for bundlers look for these very words.
const first = {
  pangulm: () => new URL("./pangulm-first.wasm", import.meta.url),
  "pangulm-signing": () => new URL("./pangulm-signing-first.wasm", import.meta.url),
};
const rest = {
  pangulm: () => new URL("./pangulm-rest.wasm", import.meta.url),
  "pangulm-signing": () => new URL("./pangulm-signing-rest.wasm", import.meta.url),
};
setWasmSource(
  (file) => healing(first[file](), () => import("./generated/inlined-engine.js")),
  (file) => rest[file](),
);
setObsSource(() => import("./obs/browser.js"));

export * from "./index.js";
