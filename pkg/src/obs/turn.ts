/** One call to OBS while it lasts: its time, its signal, and its client. */

import type { Engine } from "../engine.js";
import { cancelled, localError, PanguLMError } from "../errors.js";
import { Life, unless } from "../life.js";
import { LONGEST_TIMER } from "../silence.js";

/** Where calls are known, so that their client's end ends them: its engine. */
export type Home = Pick<Engine, "lives">;

export class Turn {
  /** How many requests were sent. */
  attempts = 0;
  readonly #life: Life;
  readonly #deadline: number;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #stopListening: () => void;
  #kept = false;

  constructor(
    readonly operation: string,
    home: Home,
    timeout: number,
    signal: AbortSignal | undefined,
  ) {
    this.#life = new Life(home as Engine);
    this.#deadline = performance.now() + timeout;
    this.#timer = setTimeout(() => this.#life.end(this.#late(timeout)), Math.min(timeout, LONGEST_TIMER));
    const onAbort = () => this.#life.end(cancelled(signal as AbortSignal, operation));
    signal?.addEventListener("abort", onAbort);
    this.#stopListening = () => signal?.removeEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
  }

  #late(timeout: number): PanguLMError {
    const { operation, attempts } = this;
    const detail = `no answer in the time given for the call, ${timeout} ms`;
    return localError("timeout", `${operation}: ${detail}`, { operation, detail, attempts, field: "timeout", is: ["timeout", "transient"] });
  }

  /** Fires at the end. */
  get signal(): AbortSignal {
    return this.#life.abort.signal;
  }

  /** Why the call was ended from outside, if it was. */
  get ended(): PanguLMError | undefined {
    return this.#life.ended;
  }

  /** How much of its time is left, in milliseconds. */
  get left(): number {
    return this.#deadline - performance.now();
  }

  /** What was promised, unless the call ends before. */
  async during<T>(promise: Promise<T>): Promise<T> {
    try {
      return await unless(this.signal, promise);
    } catch (error) {
      throw this.ended ?? error;
    }
  }

  /** The whole of an answer's text. */
  async text(answer: Response): Promise<string> {
    try {
      return await this.during(answer.text());
    } catch (error) {
      if (error instanceof PanguLMError) throw error;
      throw this.cut(answer, "the answer", error);
    }
  }

  /** The error of what came in part. */
  cut(answer: Response, what: string, cause?: unknown): PanguLMError {
    return this.broken("truncated", ["truncated", "transient"], answer, `${what} ended too early`, cause);
  }

  /** An error of an answer that had begun well. */
  broken(kind: string, is: string[], answer: Response, detail: string, cause?: unknown): PanguLMError {
    const { operation, attempts } = this;
    const requestId = answer.headers.get("x-obs-request-id");
    const message = `${operation}: ${detail}${requestId === null ? "" : ` (request id ${requestId})`}`;
    return localError(kind, message, { operation, detail, attempts, is, ...(requestId !== null && { requestId }) }, cause);
  }

  /** The call goes on after its head, without a limit of its time: until `over`. */
  keep(): void {
    this.#kept = true;
    clearTimeout(this.#timer);
  }

  /** The method that made the call returns. */
  leave(): void {
    if (!this.#kept) this.over();
  }

  over(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#life.over();
  }
}
