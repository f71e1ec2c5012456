/** The wasm file of the signer: loaded once, by the first signature. */

import * as glue from "../wasm/signer.js";

type Source = BufferSource | URL;

let source: (() => Source | Promise<Source>) | undefined;
let loading: Promise<typeof glue> | undefined;

/** Says where the wasm file comes from; the entry files do that. */
export function setWasmSource(from: () => Source | Promise<Source>): void {
  source = from;
}

/** The exports of the wasm file. */
export function load(): Promise<typeof glue> {
  loading ??= start().catch((error: unknown) => {
    // The next call tries again: the network may be back by then.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(): Promise<typeof glue> {
  if (source === undefined) throw new Error("pangulm/signer: no entry file of the package was loaded");
  await glue.default({ module_or_path: await source() });
  return glue;
}
