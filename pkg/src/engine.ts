import type { AnyAnswer, Kept } from "./boundary.js";
import { localError, type PanguLMError } from "./errors.js";
import { explained } from "./explained.js";
import { Handle } from "./handle.js";
import type { Life } from "./life.js";
import { arrived } from "./late.js";
import { compile, compiled, type Started, type WasmSource } from "./wasm.js";

/** @internal The wasm files: the second one can also sign with an access key. */
export type WasmFile = "pangulm" | "pangulm-signing";

type From = (file: WasmFile) => WasmSource | Promise<WasmSource>;

let source: From | undefined;
let restSource: From | undefined;
const loading = new Map<WasmFile, Promise<Instance>>();

const NO_FILE = "there is no wasm file: pangulm/slim is given one by ready(), before the first call";

/**
 * @internal Says where the wasm files come from; the entry files of this package do that. `restFrom` gives the
 * second ones, where `from` gives those that are only the first part of an engine.
 */
export function setWasmSource(from: From, restFrom?: From): void {
  source = from;
  restSource = restFrom;
}

/**
 * Loads the wasm file ahead of the first call. Calling it is optional: the first call does the
 * same by itself, except with `pangulm/slim`, which has no file of its own.
 *
 * @param wasm the file to take from now on in place of the package's own: `pangulm.wasm`, or
 *   `pangulm-signing.wasm` where clients have access keys
 */
export async function ready(wasm?: WasmSource | Promise<WasmSource>): Promise<void> {
  if (wasm !== undefined) {
    // Compiled once, for a response can be read only once. Calls made meanwhile wait for it.
    const module = Promise.resolve(wasm).then(compile);
    source = () => module;
    loading.clear();
  }
  await load("pangulm").catch(explained);
}

function load(file: WasmFile): Promise<Instance> {
  const loaded = loading.get(file) ?? start(file);
  loading.set(file, loaded);
  // After a failure the next call tries again: the network may be back by then.
  loaded.catch(() => loading.delete(file));
  return loaded;
}

async function start(file: WasmFile): Promise<Instance> {
  if (source === undefined) throw localError("invalid_input", NO_FILE, { is: ["invalidInput"] });
  return new Instance(file, await compiled(await source(file)));
}

/** @internal A wasm file at work, for all clients that need it. */
export class Instance {
  /** Calls and streams under way. */
  readonly lives = new Set<Life>();
  broken: PanguLMError | undefined;
  readonly #file: WasmFile;
  readonly #start: () => Started;
  readonly #wasm: Started;
  #rest: Promise<void> | undefined;

  constructor(file: WasmFile, start: () => Started) {
    this.#file = file;
    this.#start = start;
    this.#wasm = start();
  }

  /** Brings what the file leaves to its second one. */
  bringRest(): Promise<void> {
    this.#rest ??= arrived(async () => {
      await this.#wasm.rest?.(await restSource!(this.#file));
      this.ask(0, { ask: "rest" });
    }).catch(explained);
    // After a failure the next call tries again.
    this.#rest.catch(() => (this.#rest = undefined));
    return this.#rest;
  }

  /** Asks about what has this number there. What wasm throws means that it has broken down. */
  ask(number: number, question?: object, bytes?: Uint8Array): AnyAnswer {
    if (this.broken !== undefined) throw this.broken;
    const asked = question && JSON.stringify(question);
    try {
      return JSON.parse(this.#wasm.ask(number, asked, bytes)) as AnyAnswer;
    } catch (thrown) {
      throw this.#breakDown(thrown);
    }
  }

  /** After a trap nothing in its memory can be relied on: what is under way fails, and a new one is started. */
  #breakDown(cause: unknown): PanguLMError {
    const message = `the engine broke down (${cause}) and was started anew: this call is lost, later ones are not concerned. Please report this`;
    const broken = localError("internal", message, {}, cause);
    this.broken = broken;
    loading.set(this.#file, Promise.resolve(new Instance(this.#file, this.#start)));
    for (const life of this.lives) life.end(broken);
    return broken;
  }
}

/** @internal What an engine is made with: the question of its settings. */
export type Settings = { options: string[] } | { environment: string[] };

/** @internal Makes an engine; errors of its settings are errors of this package. */
export function makeEngine(file: WasmFile, settings: Settings): Promise<Engine> {
  return openEngine(file, settings).catch(explained);
}

async function openEngine(file: WasmFile, settings: Settings): Promise<Engine> {
  const instance = await load(file);
  const waiting: Waiting = new Map();
  const wasm = new Handle(instance, 0, waiting);
  const question = { ...settings, seed: Math.floor(Math.random() * 0xffff_ffff) };
  const { held, idleTimeout } = await answered(instance, () => wasm.ask<Opened>(question));
  return new Engine(instance, wasm.other(held), waiting, idleTimeout);
}

type Opened = Kept & { idleTimeout: number };

/** Calls that wait for others, by their number. */
type Waiting = Map<number, () => void>;

/** Asks, and once more if the answer is that the rest of the engine is needed for one. */
async function answered<Answer>(instance: Instance, ask: () => Answer & AnyAnswer): Promise<Answer> {
  const answer = ask();
  if (answer.rest === undefined) return answer;
  await instance.bringRest();
  return ask();
}

/** @internal The engine of one client. */
export class Engine {
  readonly lives: Set<Life>;
  readonly #instance: Instance;
  readonly #handle: Handle;
  #ended: PanguLMError | undefined;

  /** `idleTimeout`: how long a stream may be silent, in milliseconds. */
  constructor(
    instance: Instance,
    handle: Handle,
    readonly waiting: Waiting,
    readonly idleTimeout: number,
  ) {
    this.lives = instance.lives;
    this.#instance = instance;
    this.#handle = handle;
  }

  /** Whether it can make calls. */
  get works(): boolean {
    return this.#instance.broken === undefined;
  }

  /** Asks the engine itself. */
  ask<Answer>(question: object, bytes?: Uint8Array): Answer {
    if (this.#ended !== undefined) throw this.#ended;
    return this.#handle.ask(question, bytes);
  }

  /** The same for what the rest of the engine may be needed for. */
  askAny<Answer>(question: object, bytes?: Uint8Array): Promise<Answer> {
    return answered<Answer>(this.#instance, () => this.ask<Answer & AnyAnswer>(question, bytes));
  }

  /** What else it holds, by the number that an answer gave. */
  other(held: number): Handle {
    return this.#handle.other(held);
  }

  /** Ends everything under way, and itself. */
  end(error: PanguLMError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    for (const life of this.lives) if (life.engine === this) life.end(error);
    this.#handle.free();
  }
}
