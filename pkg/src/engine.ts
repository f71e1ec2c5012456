import init, { Engine } from "./wasm/pangulm.js";
import { readThrown } from "./errors.js";

/** Where the wasm file comes from: bytes, a module, a response or an address. */
export type WasmSource = BufferSource | WebAssembly.Module | Response | URL | string;

let source: (() => WasmSource | Promise<WasmSource>) | undefined;
let loading: Promise<void> | undefined;

/** Says where the wasm file comes from; the entry files of this package do that. */
export function setWasmSource(from: () => WasmSource | Promise<WasmSource>): void {
  source = from;
}

/**
 * Loads the wasm file ahead of the first call. Calling it is optional: the first call does the
 * same by itself.
 */
export function ready(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    // The next call tries again: the network may be back by then.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  if (source === undefined) throw new Error("pangulm: no entry file of the package was loaded");
  await init({ module_or_path: await source() });
}

/** Makes an engine; errors of its settings are errors of this package. */
export async function makeEngine(make: (seed: number) => Engine): Promise<Engine> {
  await ready();
  try {
    return make(Math.floor(Math.random() * 0xffff_ffff));
  } catch (thrown) {
    throw readThrown(thrown);
  }
}

export { Engine };
export type { Call as WasmCall, Stream as WasmStream } from "./wasm/pangulm.js";
