/** The wasm file of the signer: loaded once, by the first signature. */

import { explained } from "../explained.js";
import { instantiated, type WasmSource } from "../wasm.js";

/** What the file exports: see `crates/pangulm-signer-wasm/src/lib.rs`. */
export interface Exports {
  memory: WebAssembly.Memory;
  room(length: number): number;
  sign(request: number, secret: number, body: number, hashed: number): number;
  presign(request: number, query: number, headers: number): number;
}

/** The exports of the wasm file, and all that crosses to them and back. */
export interface Wasm {
  /** Writes the parts into the room that both sides share, calls with their lengths, and reads what was made. */
  ask(parts: (string | Uint8Array)[], call: (wasm: Exports, lengths: number[]) => number): string;
}

let source: (() => WasmSource | Promise<WasmSource>) | undefined;
let loading: Promise<Wasm> | undefined;
let ready: Wasm | undefined;

/** Says where the wasm file comes from; the entry files do that. */
export function setWasmSource(from: () => WasmSource | Promise<WasmSource>): void {
  source = from;
}

/** The wasm side, if it is there already. */
export function loaded(): Wasm | undefined {
  return ready;
}

/** The wasm side, ready to be asked. */
export function load(): Promise<Wasm> {
  loading ??= start().catch((error: unknown) => {
    // The next call tries again: the network may be back by then.
    loading = undefined;
    return explained(error);
  });
  return loading;
}

async function start(): Promise<Wasm> {
  if (source === undefined) throw new Error("pangulm/signer: no entry file of the package was loaded");
  const wasm = (await instantiated(await source())) as unknown as Exports;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let memory = new Uint8Array();
  ready = {
    ask(parts, call) {
      let most = 0;
      // UTF-8 has three bytes at most for each unit of UTF-16.
      for (const part of parts) most += typeof part === "string" ? part.length * 3 : part.length;
      const room = wasm.room(most) >>> 0;
      // Memory that grew stands in another buffer.
      if (memory.length === 0) memory = new Uint8Array(wasm.memory.buffer);
      let at = room;
      const lengths = parts.map((part) => {
        const start = at;
        if (typeof part === "string") at += encoder.encodeInto(part, memory.subarray(at)).written;
        else (memory.set(part, at), (at += part.length));
        return at - start;
      });
      const made = call(wasm, lengths);
      if (memory.length === 0) memory = new Uint8Array(wasm.memory.buffer);
      const start = wasm.room(0) >>> 0;
      return decoder.decode(memory.subarray(start, start + made));
    },
  };
  return ready;
}
