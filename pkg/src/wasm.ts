/**
 * Loading a wasm file, and calling the one function of the engine's: texts and bytes are copied into
 * its memory and out of it.
 */

import type { WasmModule } from "./host-types.js";

/** Where a wasm file comes from: bytes, a module, a response or an address. */
export type WasmSource = ArrayBuffer | ArrayBufferView | WasmModule | Response | URL | string;

/** @internal A question about what has this number, and bytes beside it; gives the answer. Both are JSON. */
export type Ask = (number: number, question?: string, bytes?: Uint8Array) => string;

/** What the file exports: `ask` of `crates/pangulm-wasm`, and what wasm-bindgen adds for texts and bytes. */
interface Exports extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  ask(number: number, question: number, questionLength: number, bytes: number, bytesLength: number): [number, number];
  __wbindgen_malloc(length: number, alignment: number): number;
  __wbindgen_free(at: number, length: number, alignment: number): void;
}

/** @internal A file at work. */
export interface Started {
  ask: Ask;
  /** Brings what it leaves to its second file; nothing if it has none. */
  rest: ((source: WasmSource) => Promise<void>) | undefined;
}

/** @internal Gets the file; what it returns starts it, each time anew. */
export async function compiled(source: WasmSource): Promise<() => Started> {
  const module = await compile(source);
  return () => {
    const exports = started(module) as unknown as Exports;
    // A first file keeps places in its table for the functions of the second one, which works in its memory.
    const rest = async (second: WasmSource) => void new WebAssembly.Instance(await compile(second), { m: exports });
    return { ask: asking(exports), rest: "t" in exports ? rest : undefined };
  };
}

/** @internal Gets a file and starts it; gives what it exports. */
export async function instantiated(source: WasmSource): Promise<WebAssembly.Exports> {
  return started(await compile(source));
}

function started(module: WebAssembly.Module): WebAssembly.Exports {
  return new WebAssembly.Instance(module, imports(module)).exports;
}

/** @internal Compiles a file. Not by streaming: that would fail with servers that do not know the media type of wasm files. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (isA(source, "WebAssembly.Module")) return source as WebAssembly.Module;
  if (typeof source === "string" || isA(source, "URL")) return compile(await fetch(source as string | URL));
  const bytes = isA(source, "Response") ? await bytesOf(source as Response) : (source as BufferSource);
  // Not by `WebAssembly.compile(…)`: Next.js builds nothing for its edge runtime that says so, though modules
  // come compiled there and this is not reached.
  const { compile: toModule } = WebAssembly;
  return toModule(bytes);
}

async function bytesOf(response: Response): Promise<ArrayBuffer> {
  if (response.ok) return response.arrayBuffer();
  throw new Error(`pangulm: ${response.url} cannot be loaded: status ${response.status}`);
}

/** Whether a value is of a class of the host's. Next.js' edge runtime hands in modules of another realm, which are no instance of the class here. */
function isA(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/** The file calls out for nothing but a fault of its own, whatever name wasm-bindgen gives that. */
function imports(module: WebAssembly.Module): WebAssembly.Imports {
  const fail = () => {
    throw new Error("pangulm: the engine broke down. Please report this");
  };
  const wanted = WebAssembly.Module.imports(module);
  const functions = Object.fromEntries(wanted.map(({ name }) => [name, fail]));
  return Object.fromEntries(wanted.map(({ module: from }) => [from, functions]));
}

function asking(wasm: Exports): Ask {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const nothing = new Uint8Array();
  let view = nothing;
  // When the memory grows it moves, and leaves an empty view behind.
  const memory = () => (view.length > 0 ? view : (view = new Uint8Array(wasm.memory.buffer)));
  const put = (bytes: Uint8Array) => {
    const at = wasm.__wbindgen_malloc(bytes.length, 1);
    memory().set(bytes, at >>> 0);
    return at;
  };
  return (number, question, bytes = nothing) => {
    const text = question === undefined ? nothing : encoder.encode(question);
    // Whoever is asked frees both.
    const [at, length] = wasm.ask(number, put(text), text.length, put(bytes), bytes.length);
    const start = at >>> 0;
    const answer = decoder.decode(memory().subarray(start, start + length));
    wasm.__wbindgen_free(at, length, 1);
    return answer;
  };
}
