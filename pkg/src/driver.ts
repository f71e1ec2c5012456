import { readBody } from "./body.js";
import type { AnswerFacts, Send, Step, Task } from "./boundary.js";
import type { Engine, WasmCall, WasmStream } from "./engine.js";
import { cancelled, localError, PanguLMError } from "./errors.js";
import { describe, neverConnected } from "./failure.js";
import { sign } from "./keys.js";
import { Life, unless } from "./life.js";
import { type LogEvent, type Logger, tell } from "./log.js";
import type { CallOptions, Token } from "./options.js";
import { LONGEST_TIMER } from "./silence.js";

/** What a driver needs beside the engine. */
export interface Surroundings {
  fetch: typeof globalThis.fetch;
  token: (() => Token | Promise<Token>) | undefined;
  /** The key that signs, if the engine does not hold the secret. */
  key: CryptoKey | undefined;
  logger: Logger | undefined;
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
  headers?: Headers | undefined;
  stream?: { decoder: WasmStream; response: Response; life: Life };
}

/** Turns one call until it is done: does what each step says and tells what came of it. */
export async function drive(engine: Engine, surroundings: Surroundings, given: CallArguments): Promise<Outcome> {
  const { operation, options } = given;
  const { signal } = options;
  if (signal?.aborted) throw cancelled(signal, operation);
  const call = begin(engine, given);
  const life = new Life(engine);
  const onAbort = () => life.abort.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  let streaming = false;
  try {
    const outcome = await new Run(engine, call, life, surroundings, given).toTheEnd();
    streaming = outcome.stream !== undefined;
    const { status, attempts, requestId } = outcome.answer;
    tell(surroundings.logger, { event: "success", operation, status, attempts, requestId });
    return outcome;
  } catch (thrown) {
    const error = life.ended ?? (signal?.aborted ? cancelled(signal, operation) : thrown);
    tellFailure(surroundings.logger, operation, error);
    throw error;
  } finally {
    // A stream goes on listening until it ends: see ChatStream.
    if (!streaming) {
      life.abort.abort();
      life.over();
    }
    signal?.removeEventListener("abort", onAbort);
    engine.free(call);
  }
}

/** Tells the logger of a failure. */
export function tellFailure(logger: Logger | undefined, operation: string, error: unknown): void {
  if (!(error instanceof PanguLMError)) return;
  const { attempts, requestId } = error;
  tell(logger, { event: "failure", operation, attempts, requestId, error });
}

function begin(engine: Engine, { operation, parameters, body, options }: CallArguments): WasmCall {
  const list = (pairs: [string, string][]) => JSON.stringify(pairs.flat());
  const headers = Object.entries(options.headers ?? {});
  return engine.use((wasm) =>
    wasm.call(operation, list(parameters), list(headers), body, options.timeout, options.maxRetries),
  );
}

class Run {
  readonly #id: number;
  #response: Response | undefined;
  #json: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timedOut = false;

  constructor(
    readonly engine: Engine,
    readonly call: WasmCall,
    readonly life: Life,
    readonly surroundings: Surroundings,
    readonly given: CallArguments,
  ) {
    this.#id = engine.enter(() => call.id);
  }

  async toTheEnd(): Promise<Outcome> {
    try {
      let step = this.#tell("start");
      for (;;) {
        if (step.step === "done" || step.step === "judge") return { answer: step, json: this.#json, headers: this.#response?.headers };
        if (step.step === "stream") return { answer: step, json: undefined, stream: this.#stream() };
        if (step.step === "fail") throw new PanguLMError(step.error);
        step = await this.#obey(step);
        this.#throwIfEnded();
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
      case "sleep": {
        const { milliseconds, reason } = step;
        this.#log({ event: "wait", milliseconds, reason: reason.message, requestId: reason.requestId });
        await this.#sleep(milliseconds);
        return this.#tell("slept");
      }
      case "wait":
        this.#log({
          event: "wait",
          milliseconds: step.milliseconds,
          reason: "another call, or its turn",
          requestId: undefined,
        });
        await this.#wait(step.milliseconds);
        return this.#tell("woken");
      case "hash":
        return this.#tellBytes("digest", await crypto.subtle.digest("SHA-256", this.given.body ?? new Uint8Array()));
      case "token":
        return this.#askToken(step.milliseconds);
      case "mac":
        if (this.surroundings.key === undefined) {
          throw localError("internal", "the engine asked for a MAC, but no key is held here. Please report this");
        }
        return this.#tellBytes("mac", await sign(this.surroundings.key, step.text));
    }
  }

  async #send(step: Send): Promise<Step> {
    const { url, method } = step;
    this.#log({ event: "attempt", method, url });
    this.#limit(step.timeout);
    const body = step.body === "callers" ? this.given.body : step.body === "own" ? step.text : undefined;
    const { signal } = this.life.abort;
    try {
      const sent = this.surroundings.fetch(url, {
        method,
        headers: step.headers,
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
      this.#response = await unless(signal, sent);
    } catch (error) {
      return this.#failed(error, url);
    }
    const { status, headers, type } = this.#response;
    if (type === "opaqueredirect") return this.#tell("broken", "the service redirected, which is never followed");
    const requestId = headers.get("x-request-id") ?? undefined;
    this.#log({ event: "answer", status, requestId });
    const list = JSON.stringify([...headers].flat());
    return this.#next(() => this.call.head(Date.now(), performance.now(), status, list));
  }

  /** Ends what is under way after so long. */
  #limit(milliseconds: number): void {
    this.#timedOut = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.life.abort.abort();
    }, Math.min(milliseconds, LONGEST_TIMER));
  }

  /** Reads a success and keeps what it holds. */
  async #readAnswer(limit: number): Promise<Step> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await readBody(this.#response, limit, this.life.abort.signal, "refuse");
    } catch (error) {
      return this.#failed(error);
    }
    this.#throwIfEnded();
    if (bytes === undefined) return this.#tell("tooLarge");
    const step = this.#tell("kept");
    if (step.step === "done" || step.step === "judge") this.#json = this.#decode(bytes);
    if (step.step === "judge") this.#throwIfAny(this.engine.enter(() => this.call.cutShort(bytes)));
    return step;
  }

  #decode(bytes: Uint8Array): unknown {
    if (bytes.length === 0) return undefined;
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#throwIfAny(this.engine.enter(() => this.call.undecodable(reason, bytes)));
    }
  }

  #throwIfAny(error: string | undefined): void {
    if (error !== undefined) throw new PanguLMError(JSON.parse(error));
  }

  /** Reads the beginning of a body for the engine. */
  async #readBytes(limit: number): Promise<Step> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await readBody(this.#response, limit, this.life.abort.signal, "cut");
    } catch (error) {
      return this.#failed(error);
    }
    return this.#tellBytes("body", bytes ?? new Uint8Array());
  }

  #stream(): NonNullable<Outcome["stream"]> {
    const decoder = this.engine.enter(() => this.call.takeStream());
    if (decoder === undefined || this.#response === undefined) {
      throw localError("internal", "the engine began a stream without a decoder. Please report this");
    }
    return { decoder, response: this.#response, life: this.life };
  }

  async #askToken(milliseconds: number): Promise<Step> {
    this.#limit(milliseconds);
    let given: Token | undefined;
    try {
      given = await unless(this.life.abort.signal, (async () => this.surroundings.token?.())());
    } catch (error) {
      if (this.life.abort.signal.aborted) return this.#failed(error);
      return this.#tell("tokenFailed", error instanceof Error ? error.message : String(error));
    }
    if (given === undefined || given === "") return this.#tell("tokenFailed", "it gave no token");
    if (typeof given === "string") return this.#tell("token", given);
    return this.#tell("token", given.token, Math.max(0, Number(given.expiresAt) - Date.now()));
  }

  #sleep(milliseconds: number): Promise<void> {
    return this.#untilAborted((done) => {
      const timer = setTimeout(done, Math.min(milliseconds, LONGEST_TIMER));
      return () => clearTimeout(timer);
    });
  }

  /** Until another call wakes this one, or its time is over. */
  #wait(milliseconds: number): Promise<void> {
    const { waiting } = this.engine;
    return this.#untilAborted((done) => {
      const timer = setTimeout(done, Math.min(milliseconds, LONGEST_TIMER));
      waiting.set(this.#id, done);
      return () => {
        clearTimeout(timer);
        waiting.delete(this.#id);
      };
    });
  }

  /** Waits for `start`'s callback or the end of the call, whichever comes first. */
  #untilAborted(start: (done: () => void) => () => void): Promise<void> {
    const { signal } = this.life.abort;
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

  #throwIfEnded(): void {
    const { signal } = this.given.options;
    if (this.life.ended !== undefined) throw this.life.ended;
    if (signal?.aborted) throw cancelled(signal, this.given.operation);
  }

  #failed(error: unknown, url?: string): Step {
    this.#throwIfEnded();
    if (this.#timedOut) {
      this.life.abort = new AbortController();
      return this.#tell("timedOut");
    }
    return this.#tell(neverConnected(error) ? "notConnected" : "broken", describe(error, url));
  }

  #log(event: Told): void {
    tell(this.surroundings.logger, { operation: this.given.operation, ...event } as LogEvent);
  }

  #tell(input: string, text = "", number?: number): Step {
    return this.#next(() => this.call.step(Date.now(), performance.now(), input, text, number));
  }

  #tellBytes(input: string, bytes: ArrayBuffer | Uint8Array): Step {
    const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    return this.#next(() => this.call.bytes(Date.now(), performance.now(), input, view));
  }

  /** Turns the call, unless the client has ended it. */
  #next(turn: () => string): Step {
    if (this.life.ended !== undefined) throw this.life.ended;
    const step = JSON.parse(this.engine.enter(turn)) as Step;
    this.engine.wake();
    return step;
  }
}

/** A log event of this call, whose operation is known. */
type Told = LogEvent extends infer Event ? (Event extends LogEvent ? Omit<Event, "operation"> : never) : never;
