import type { AnswerFacts, Send, Step, Task } from "./boundary.js";
import type { Engine, WasmCall, WasmStream } from "./engine.js";
import { cancelled, localError, PanguLMError, readThrown } from "./errors.js";
import { sign } from "./keys.js";
import type { CallOptions, Token } from "./options.js";

/** What a driver needs beside the engine. */
export interface Surroundings {
  fetch: typeof globalThis.fetch;
  token: (() => Token | Promise<Token>) | undefined;
  /** The key that signs, if the engine does not hold the secret. */
  key: CryptoKey | undefined;
  /** Calls that wait for others, by their number. */
  waiting: Map<number, () => void>;
}

/** What a call is made with. */
export interface CallArguments {
  operation: string;
  parameters: [string, string][];
  body: Uint8Array<ArrayBuffer> | undefined;
  options: CallOptions;
}

/** A success: its head, and its JSON or its stream. */
export interface Outcome {
  answer: AnswerFacts;
  json: unknown;
  stream?: { decoder: WasmStream; response: Response; abort: AbortController };
}

/** Turns one call until it is done: does what each step says and tells what came of it. */
export async function drive(engine: Engine, surroundings: Surroundings, given: CallArguments): Promise<Outcome> {
  const { signal } = given.options;
  if (signal?.aborted) throw cancelled(signal, given.operation);
  const call = begin(engine, given);
  const run = new Run(engine, call, surroundings, given);
  const onAbort = () => run.abort.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  let streaming = false;
  try {
    const outcome = await run.toTheEnd();
    streaming = outcome.stream !== undefined;
    return outcome;
  } catch (error) {
    throw signal?.aborted ? cancelled(signal, given.operation) : error;
  } finally {
    // A stream goes on listening until it ends: see ChatStream.
    if (!streaming) run.abort.abort();
    signal?.removeEventListener("abort", onAbort);
    call.free();
    wake(engine, surroundings);
  }
}

function begin(engine: Engine, { operation, parameters, body, options }: CallArguments): WasmCall {
  const list = (pairs: [string, string][]) => JSON.stringify(pairs.flat());
  const headers = Object.entries(options.headers ?? {});
  try {
    return engine.call(operation, list(parameters), list(headers), body, options.timeout, options.maxRetries);
  } catch (thrown) {
    throw readThrown(thrown);
  }
}

/** Lets calls go on that waited for what another call has done or given up. */
function wake(engine: Engine, { waiting }: Surroundings): void {
  for (const id of engine.takeWoken()) waiting.get(id)?.();
}

class Run {
  /** Ends whatever is under way; a new one takes its place once a timeout has used it. */
  abort = new AbortController();
  #response: Response | undefined;
  #json: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timedOut = false;

  constructor(
    readonly engine: Engine,
    readonly call: WasmCall,
    readonly surroundings: Surroundings,
    readonly given: CallArguments,
  ) {}

  async toTheEnd(): Promise<Outcome> {
    try {
      let step = this.#tell("start");
      for (;;) {
        if (step.step === "done") return { answer: step, json: this.#json };
        if (step.step === "stream") return { answer: step, json: undefined, stream: this.#stream() };
        if (step.step === "fail") throw new PanguLMError(step.error);
        step = await this.#obey(step);
        this.#throwIfAborted();
      }
    } finally {
      clearTimeout(this.#timer);
    }
  }

  async #obey(step: Task): Promise<Step> {
    switch (step.step) {
      case "send":
        return this.#send(step);
      case "read":
        return step.how === "keep" ? this.#readAnswer(step.limit) : this.#readBytes(step.limit);
      case "sleep":
        await this.#sleep(step.milliseconds);
        return this.#tell("slept");
      case "wait":
        await this.#wait(step.milliseconds);
        return this.#tell("woken");
      case "hash":
        return this.#tellBytes("digest", await crypto.subtle.digest("SHA-256", this.given.body ?? new Uint8Array()));
      case "token":
        return this.#askToken();
      case "mac":
        if (this.surroundings.key === undefined) {
          throw localError("internal", "the engine asked for a MAC, but no key is held here. Please report this");
        }
        return this.#tellBytes("mac", await sign(this.surroundings.key, step.text));
    }
  }

  async #send(step: Send): Promise<Step> {
    this.#timedOut = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.abort.abort();
    }, Math.min(step.timeout, LONGEST_TIMER));
    const body = step.body === "callers" ? this.given.body : step.body === "own" ? step.text : undefined;
    try {
      this.#response = await this.surroundings.fetch(step.url, {
        method: step.method,
        headers: step.headers,
        signal: this.abort.signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      return this.#failed(error, step.url);
    }
    const { status, headers, type } = this.#response;
    if (type === "opaqueredirect") return this.#tell("broken", "the service redirected, which is never followed");
    return this.#next(this.call.head(Date.now(), performance.now(), status, JSON.stringify([...headers].flat())));
  }

  /** Reads a success and keeps what it holds. */
  async #readAnswer(limit: number): Promise<Step> {
    try {
      const bytes = await this.#bytes(limit);
      if (bytes === undefined) return this.#tell("tooLarge");
      const step = this.#tell("kept");
      if (step.step === "done") this.#json = this.#decode(bytes);
      return step;
    } catch (error) {
      if (error instanceof PanguLMError) throw error;
      return this.#failed(error);
    }
  }

  #decode(bytes: Uint8Array): unknown {
    if (bytes.length === 0) return undefined;
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw readThrown(this.call.undecodable(reason, bytes));
    }
  }

  /** Reads the beginning of a body for the engine. */
  async #readBytes(limit: number): Promise<Step> {
    try {
      const bytes = await this.#bytes(limit, "cut");
      return this.#tellBytes("body", bytes ?? new Uint8Array());
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** The body; `undefined` if it is longer than the limit and not to be cut. */
  async #bytes(limit: number, longer: "cut" | "refuse" = "refuse"): Promise<Uint8Array | undefined> {
    const reader = this.#response?.body?.getReader();
    const pieces: Uint8Array[] = [];
    let length = 0;
    while (reader !== undefined && length <= limit) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.length;
    }
    if (length > limit) {
      reader?.cancel().catch(() => {});
      if (longer === "refuse") return undefined;
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole.subarray(0, limit);
  }

  #stream(): NonNullable<Outcome["stream"]> {
    const decoder = this.call.takeStream();
    if (decoder === undefined || this.#response === undefined) {
      throw localError("internal", "the engine began a stream without a decoder. Please report this");
    }
    return { decoder, response: this.#response, abort: this.abort };
  }

  async #askToken(): Promise<Step> {
    try {
      const given = await this.surroundings.token?.();
      if (given === undefined || given === "") return this.#tell("tokenFailed", "it gave no token");
      if (typeof given === "string") return this.#tell("token", given);
      return this.#tell("token", given.token, Math.max(0, Number(given.expiresAt) - Date.now()));
    } catch (error) {
      return this.#tell("tokenFailed", error instanceof Error ? error.message : String(error));
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    return this.#untilAborted((done) => {
      const timer = setTimeout(done, milliseconds);
      return () => clearTimeout(timer);
    });
  }

  /** Until another call wakes this one, or its time is over. */
  #wait(milliseconds: number): Promise<void> {
    const { waiting } = this.surroundings;
    return this.#untilAborted((done) => {
      const timer = setTimeout(done, Math.min(milliseconds, LONGEST_TIMER));
      waiting.set(this.call.id, done);
      return () => {
        clearTimeout(timer);
        waiting.delete(this.call.id);
      };
    });
  }

  /** Waits for `start`'s callback or the end of the call, whichever comes first. */
  #untilAborted(start: (done: () => void) => () => void): Promise<void> {
    const { signal } = this.abort;
    return new Promise((resolve) => {
      const done = () => {
        stop();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const stop = start(done);
      if (signal.aborted) done();
      else signal.addEventListener("abort", done);
    });
  }

  #throwIfAborted(): void {
    const { signal } = this.given.options;
    if (signal?.aborted) throw cancelled(signal, this.given.operation);
  }

  #failed(error: unknown, url?: string): Step {
    this.#throwIfAborted();
    if (this.#timedOut) {
      this.abort = new AbortController();
      return this.#tell("timedOut");
    }
    return this.#tell(neverConnected(error) ? "notConnected" : "broken", describe(error, url));
  }

  #tell(input: string, text = "", number?: number): Step {
    return this.#next(this.call.step(Date.now(), performance.now(), input, text, number));
  }

  #tellBytes(input: string, bytes: ArrayBuffer | Uint8Array): Step {
    const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    return this.#next(this.call.bytes(Date.now(), performance.now(), input, view));
  }

  #next(json: string): Step {
    wake(this.engine, this.surroundings);
    return JSON.parse(json) as Step;
  }
}

/** Timers cannot be longer, some 24 days. */
const LONGEST_TIMER = 0x7fff_ffff;

/** Codes of failures before any byte was sent, as Node, Deno and Bun name them. */
const NOT_CONNECTED = new Set([
  "ConnectionRefused",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function neverConnected(error: unknown): boolean {
  return reasons(error).some((reason) => NOT_CONNECTED.has(String((reason as { code?: unknown }).code)));
}

/** The error and its causes, at most four of them. */
function reasons(error: unknown): object[] {
  const found: object[] = [];
  let reason = error;
  while (typeof reason === "object" && reason !== null && found.length < 4) {
    found.push(reason);
    reason = (reason as { cause?: unknown }).cause;
  }
  return found;
}

/** The failure in words; a browser says nothing about a refused preflight, so this does. */
export function describe(error: unknown, url?: string): string {
  const said = reasons(error).map((reason) => String((reason as { message?: unknown }).message ?? reason));
  const text = [...new Set(said.filter(Boolean))].join(": ") || String(error);
  const origin = typeof location === "undefined" ? undefined : location.origin;
  const elsewhere = url !== undefined && origin !== undefined && new URL(url).origin !== origin;
  if (!elsewhere) return text;
  return `${text}. Seen from a page, a service that does not allow cross-origin calls looks like this too, and the platform's gateway does not by default: call it through a proxy on the page's own origin`;
}
