import type { ErrorFacts } from "./boundary.js";
import { localError, PanguLMError } from "./errors.js";
import type { Life } from "./life.js";
import * as plain from "./wasm/pangulm.js";

/** Where a wasm file comes from: bytes, a module, a response or an address. */
export type WasmSource = BufferSource | WebAssembly.Module | Response | URL | string;

/** The wasm files: the second one can also sign with an access key. */
export type WasmFile = "pangulm" | "pangulm-signing";

export type Glue = typeof plain;
type WasmEngine = plain.Engine;
export type WasmCall = plain.Call;
export type WasmStream = plain.Stream;
export type WasmJob = plain.Job;
export type WasmPages = plain.Pages;

let source: ((file: WasmFile) => WasmSource | Promise<WasmSource>) | undefined;
const loading = new Map<WasmFile, Promise<Instance>>();

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

function load(file: WasmFile): Promise<Instance> {
  const loaded = loading.get(file) ?? start(file);
  loading.set(file, loaded);
  // After a failure the next call tries again: the network may be back by then.
  loaded.catch(() => loading.delete(file));
  return loaded;
}

async function start(file: WasmFile): Promise<Instance> {
  if (source === undefined) throw new Error("pangulm: no entry file of the package was loaded");
  const glue = file === "pangulm" ? plain : ((await import("./wasm/pangulm-signing.js")) as unknown as Glue);
  await glue.default({ module_or_path: await source(file) });
  return new Instance(file, glue);
}

/** A wasm file at work, for all clients that need it. */
class Instance {
  /** Calls and streams under way. */
  readonly lives = new Set<Life>();
  broken: PanguLMError | undefined;

  constructor(
    readonly file: WasmFile,
    readonly glue: Glue,
  ) {}

  /** After a trap nothing in its memory can be relied on: what is under way fails, and a new one is started. */
  breakDown(cause: unknown): PanguLMError {
    if (this.broken === undefined) {
      const message = `the engine broke down (${cause}) and was started anew: this call is lost, later ones are not concerned. Please report this`;
      this.broken = localError("internal", message, {}, cause);
      this.glue.__wbg_reset_state();
      loading.set(this.file, Promise.resolve(new Instance(this.file, this.glue)));
      for (const life of this.lives) life.end(this.broken);
    }
    return this.broken;
  }
}

/** Makes an engine; errors of its settings are errors of this package. */
export async function makeEngine(
  file: WasmFile,
  make: (glue: { Engine: typeof plain.Engine }, seed: number) => WasmEngine,
): Promise<Engine> {
  const instance = await load(file);
  return new Engine(instance, enter(instance, () => make(instance.glue, Math.floor(Math.random() * 0xffff_ffff))));
}

/** What wasm throws is an error in JSON, or wasm has broken down. */
function enter<T>(instance: Instance, call: () => T): T {
  if (instance.broken !== undefined) throw instance.broken;
  try {
    return call();
  } catch (thrown) {
    throw typeof thrown === "string" ? new PanguLMError(JSON.parse(thrown) as ErrorFacts) : instance.breakDown(thrown);
  }
}

/** Something in wasm that belongs to no engine; it is lost when wasm breaks down. */
export class Kept<T extends { free(): void }> {
  readonly #instance: Instance;
  readonly #kept: T;

  constructor(instance: Instance, kept: T) {
    this.#instance = instance;
    this.#kept = kept;
  }

  use<R>(call: (kept: T) => R): R {
    return enter(this.#instance, () => call(this.#kept));
  }

  /** Gives it back, if wasm still stands. */
  free(): void {
    if (this.#instance.broken === undefined) this.use((kept) => kept.free());
  }
}

/** Makes something in wasm. */
export async function keep<T extends { free(): void }>(file: WasmFile, make: (glue: Glue) => T): Promise<Kept<T>> {
  const instance = await load(file);
  return new Kept(instance, enter(instance, () => make(instance.glue)));
}

/** The engine of one client. */
export class Engine {
  /** Calls that wait for others, by their number. */
  readonly waiting = new Map<number, () => void>();
  readonly lives: Set<Life>;
  readonly #instance: Instance;
  readonly #wasm: WasmEngine;
  #ended: PanguLMError | undefined;

  constructor(instance: Instance, wasm: WasmEngine) {
    this.#instance = instance;
    this.#wasm = wasm;
    this.lives = instance.lives;
  }

  /** Whether it can make calls. */
  get works(): boolean {
    return this.#instance.broken === undefined;
  }

  /** Does something with what belongs to this engine in wasm. */
  enter<T>(call: () => T): T {
    return enter(this.#instance, call);
  }

  /** Does something with the engine itself. */
  use<T>(call: (wasm: WasmEngine) => T): T {
    if (this.#ended !== undefined) throw this.#ended;
    return this.enter(() => call(this.#wasm));
  }

  /** Gives back what belongs to this engine in wasm, if wasm still stands; then others may go on. */
  free(given: { free(): void }): void {
    if (!this.works) return;
    this.enter(() => given.free());
    this.wake();
  }

  /** Lets calls go on that waited for what another call or a stream has done or given up. */
  wake(): void {
    if (this.#ended !== undefined || !this.works) return;
    for (const id of this.use((wasm) => wasm.takeWoken())) this.waiting.get(id)?.();
  }

  /** Ends everything under way, and itself. */
  end(error: PanguLMError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    for (const life of this.lives) if (life.engine === this) life.end(error);
    this.free(this.#wasm);
  }
}
