import * as plain from "./wasm/pangulm.js";
import { readThrown } from "./errors.js";

/** Where a wasm file comes from: bytes, a module, a response or an address. */
export type WasmSource = BufferSource | WebAssembly.Module | Response | URL | string;

/** The wasm files: the second one can also sign with an access key. */
export type WasmFile = "pangulm" | "pangulm-signing";

export type Glue = typeof plain;
export type Engine = plain.Engine;
export type WasmCall = plain.Call;
export type WasmStream = plain.Stream;
export type WasmJob = plain.Job;
export type WasmPages = plain.Pages;

let source: ((file: WasmFile) => WasmSource | Promise<WasmSource>) | undefined;
const loading = new Map<WasmFile, Promise<Glue>>();

/** Says where the wasm files come from; the entry files of this package do that. */
export function setWasmSource(from: (file: WasmFile) => WasmSource | Promise<WasmSource>): void {
  source = from;
}

/**
 * Loads the wasm file ahead of the first call. Calling it is optional: the first call does the
 * same by itself.
 */
export async function ready(): Promise<void> {
  await load("pangulm");
}

/** The exports of a wasm file, loaded once. */
export function load(file: WasmFile): Promise<Glue> {
  const loaded = loading.get(file) ?? start(file);
  loading.set(file, loaded);
  // After a failure the next call tries again: the network may be back by then.
  loaded.catch(() => loading.delete(file));
  return loaded;
}

async function start(file: WasmFile): Promise<Glue> {
  if (source === undefined) throw new Error("pangulm: no entry file of the package was loaded");
  const glue = file === "pangulm" ? plain : ((await import("./wasm/pangulm-signing.js")) as unknown as Glue);
  await glue.default({ module_or_path: await source(file) });
  return glue;
}

/** Makes an engine; errors of its settings are errors of this package. */
export async function makeEngine(
  file: WasmFile,
  make: (glue: { Engine: typeof plain.Engine }, seed: number) => Engine,
): Promise<Engine> {
  const glue = await load(file);
  try {
    return make(glue, Math.floor(Math.random() * 0xffff_ffff));
  } catch (thrown) {
    throw readThrown(thrown);
  }
}
