import { readBody } from "./body.js";
import type { AnswerFacts, Input, Kept, Send, Step, Task } from "./boundary.js";
import type { Engine } from "./engine.js";
import { explained } from "./explained.js";
import { cancelled, localError } from "./errors.js";
import { describe, neverConnected } from "./failure.js";
import type { Handle } from "./handle.js";
import { sign } from "./keys.js";
import { Life, unless } from "./life.js";
import { type LogEvent, type Logger, tell, tellFailure } from "./log.js";
import type { Middleware, Thrown } from "./middleware.js";
import type { CallOptions, Token } from "./options.js";
import { LONGEST_TIMER } from "./silence.js";

/** What a driver needs beside the engine. */
export interface Surroundings {
  fetch: typeof globalThis.fetch | undefined;
  token: (() => Token | Promise<Token>) | undefined;
  /** The key that signs, if the engine does not hold the secret. */
  key: CryptoKey | undefined;
  logger: Logger | undefined;
  middleware: readonly Middleware[] | undefined;
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
  stream?: { decoder: Handle; response: Response; life: Life };
}

/** Turns one call until it is done: does what each step says and tells what came of it. */
export async function drive(engine: Engine, surroundings: Surroundings, given: CallArguments): Promise<Outcome> {
  const { operation, options } = given;
  const { signal } = options;
  if (signal?.aborted) throw cancelled(signal, operation);
  // From here on the end of the client ends the call.
  const life = new Life(engine);
  const { call, id } = await begin(engine, given).catch((error: unknown) => {
    life.over();
    throw error;
  });
  const onAbort = () => life.abort.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  let streaming = false;
  try {
    // The signal may have come while the call was begun.
    signal?.throwIfAborted();
    const outcome = await new Run(engine, call, id, life, surroundings, given).toTheEnd();
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
    call.free();
  }
}

/** Begins a call; the `id` is the number under which it is woken. */
async function begin(engine: Engine, given: CallArguments): Promise<{ call: Handle; id: number }> {
  const { operation, parameters, body, options } = given;
  const { timeout, maxRetries } = options;
  const own = options.headers ?? {};
  const headers = (Symbol.iterator in own ? [...own] : Object.entries(own)).flat();
  const question = { ask: "call", text: operation, parameters: parameters.flat(), headers, timeout, maxRetries };
  const { held, id } = await engine.askAny<Kept & { id: number }>(question, body);
  return { call: engine.other(held), id };
}

class Run {
  #response: Response | undefined;
  #json: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timedOut = false;

  constructor(
    readonly engine: Engine,
    readonly call: Handle,
    readonly id: number,
    readonly life: Life,
    readonly surroundings: Surroundings,
    readonly given: CallArguments,
  ) {}

  async toTheEnd(): Promise<Outcome> {
    try {
      let step = this.#tell({ ask: "start" });
      for (;;) {
        if (step.step === "done" || step.step === "judge") return { answer: step, json: this.#json, headers: this.#response?.headers };
        if (step.step === "stream") return { answer: step, json: undefined, headers: this.#response?.headers, stream: this.#stream(step.held) };
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
        return this.#tell({ ask: "slept" });
      }
      case "wait":
        this.#log({
          event: "wait",
          milliseconds: step.milliseconds,
          reason: "another call, or its turn",
          requestId: undefined,
        });
        await this.#wait(step.milliseconds);
        return this.#tell({ ask: "woken" });
      case "hash":
        return this.#tell({ ask: "digest" }, await crypto.subtle.digest("SHA-256", this.given.body ?? new Uint8Array()));
      case "token":
        return this.#askToken(step.milliseconds);
      case "mac":
        if (this.surroundings.key === undefined) {
          throw localError("internal", "the engine asked for a MAC, but no key is held here. Please report this");
        }
        return this.#tell({ ask: "mac" }, await sign(this.surroundings.key, step.text));
    }
  }

  async #send(step: Send): Promise<Step> {
    const { url, method } = step;
    this.#log({ event: "attempt", method, url });
    this.#limit(step.timeout);
    const body = step.body === "callers" ? this.given.body : step.body === "own" ? step.text : undefined;
    const { signal } = this.life.abort;
    const { operation, options } = this.given;
    const { middleware } = this.surroundings;
    // Called by its bare name, for browsers refuse a fetch that has lost its window.
    const fetch = options.fetch ?? this.surroundings.fetch ?? globalThis.fetch;
    if (fetch === undefined) return explained(fetch);
    const init: RequestInit = { method, headers: step.headers, signal, redirect: "manual", ...(body !== undefined && { body }) };
    const send = async () =>
      middleware === undefined ? fetch(url, init) : (await import("./middleware.js")).through(middleware, fetch, operation, url, init);
    let answer: Response | Thrown;
    try {
      answer = await unless(signal, send());
    } catch (error) {
      return this.#failed(error, url);
    }
    if ("thrown" in answer) throw answer.thrown;
    this.#response = answer;
    const { status, headers, type } = this.#response;
    if (type === "opaqueredirect") return this.#tell({ ask: "broken", text: "the service redirected, which is never followed" });
    const requestId = headers.get("x-request-id") ?? undefined;
    this.#log({ event: "answer", status, requestId });
    return this.#tell({ ask: "head", status, headers: [...headers].flat() });
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
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    try {
      bytes = await readBody(this.#response, limit, this.life.abort.signal, "refuse");
    } catch (error) {
      return this.#failed(error);
    }
    this.#throwIfEnded();
    if (bytes === undefined) return this.#tell({ ask: "tooLarge" });
    const step = this.#tell({ ask: "kept" });
    if (step.step === "done" || step.step === "judge") this.#json = this.#decode(bytes);
    if (step.step === "judge") this.call.ask({ ask: "cutShort" }, bytes);
    return step;
  }

  #decode(bytes: Uint8Array<ArrayBuffer>): unknown {
    if (bytes.length === 0) return undefined;
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      return this.call.ask({ ask: "undecodable", text: messageOf(error) }, bytes);
    }
  }

  /** Reads the beginning of a body for the engine. */
  async #readBytes(limit: number): Promise<Step> {
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    try {
      bytes = await readBody(this.#response, limit, this.life.abort.signal, "cut");
    } catch (error) {
      return this.#failed(error);
    }
    return this.#tell({ ask: "body" }, bytes);
  }

  #stream(held: number): NonNullable<Outcome["stream"]> {
    if (this.#response === undefined) {
      throw localError("internal", "the engine began a stream without an answer. Please report this");
    }
    return { decoder: this.engine.other(held), response: this.#response, life: this.life };
  }

  async #askToken(milliseconds: number): Promise<Step> {
    this.#limit(milliseconds);
    let given: Token | undefined;
    try {
      given = await unless(this.life.abort.signal, (async () => this.surroundings.token?.())());
    } catch (error) {
      if (this.life.abort.signal.aborted) return this.#failed(error);
      return this.#tell({ ask: "tokenFailed", text: messageOf(error) });
    }
    if (given === undefined || given === "") return this.#tell({ ask: "tokenFailed", text: "it gave no token" });
    if (typeof given === "string") return this.#tell({ ask: "token", text: given });
    const lifetime = Math.floor(Math.max(0, Number(given.expiresAt) - Date.now()));
    return this.#tell({ ask: "token", text: given.token, lifetime });
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
      waiting.set(this.id, done);
      return () => {
        clearTimeout(timer);
        waiting.delete(this.id);
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
      return this.#tell({ ask: "timedOut" });
    }
    return this.#tell({ ask: neverConnected(error) ? "notConnected" : "broken", text: describe(error, url) });
  }

  #log(event: Told): void {
    tell(this.surroundings.logger, { operation: this.given.operation, ...event } as LogEvent);
  }

  /** Tells what came of the last step, unless the client has ended the call, and learns the next one. */
  #tell(input: Input, bytes?: ArrayBuffer | Uint8Array<ArrayBuffer>): Step {
    if (this.life.ended !== undefined) throw this.life.ended;
    const question = { ...input, wall: Date.now(), steady: Math.floor(performance.now()) };
    return this.call.ask(question, bytes && new Uint8Array(bytes));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A log event of this call, whose operation is known. */
type Told = LogEvent extends infer Event ? (Event extends LogEvent ? Omit<Event, "operation"> : never) : never;
