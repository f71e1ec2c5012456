import type { ErrorFacts, ErrorKind } from "./boundary.js";
import type { ChatCompletion } from "./types.js";

const MARK = Symbol.for("pangulm.PanguLMError");

/**
 * Why a call failed.
 *
 * Ask it what you need to know: the `is…` properties say what it means for you and for a retry;
 * `code`, `status` and `requestId` are what the platform said. No secret is ever part of it.
 *
 * ```ts
 * try {
 *   await client.chat.completions.create({ messages });
 * } catch (error) {
 *   if (error instanceof PanguLMError && error.isThrottled) console.warn("slow down:", error.message);
 *   else throw error;
 * }
 * ```
 */
export class PanguLMError extends Error {
  /** The broad cause, such as `service` or `truncated`. */
  readonly kind: ErrorKind;
  /** What went wrong, alone; `message` adds operation, codes and remedy, for a log. */
  readonly detail: string;
  /** The operation that failed, by its id in the spec. */
  readonly operation: string | undefined;
  /** The option, parameter or body member that is wrong, where one is. */
  readonly field: string | undefined;
  /** The HTTP status of the answer, where there was one. */
  readonly status: number | undefined;
  /** The platform's error code, such as `PANGU.3254`. */
  readonly code: string | undefined;
  /** The platform's id of the request: support asks for it. */
  readonly requestId: string | undefined;
  /** How long the service asked to wait, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** What to do about it, where that is known. */
  readonly remedy: string | undefined;
  /** The body of the answer that could not be used, as far as it was read. */
  readonly body: string | undefined;
  /** How many requests were sent for this call. */
  readonly attempts: number;
  readonly #is: readonly string[];

  /** @internal */
  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(facts.message, options);
    this.kind = facts.kind;
    this.detail = facts.detail;
    this.operation = facts.operation;
    this.field = facts.field;
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
    this.remedy = facts.remedy;
    this.body = facts.body;
    this.attempts = facts.attempts;
    this.#is = facts.is;
    Object.defineProperty(this, MARK, { value: true });
  }

  /** Holds for errors of every copy of this package, so that two copies do no harm. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** Always `PanguLMError`. */
  override get name(): string {
    return "PanguLMError";
  }

  /** A value you gave is at fault. The same call will fail again. */
  get isInvalidInput(): boolean {
    return this.#is.includes("invalidInput");
  }

  /** The credential is missing, wrong, expired or not allowed to do this. */
  get isAuth(): boolean {
    return this.#is.includes("auth");
  }

  /** The service refuses for now because of its rate limits. Waiting helps. */
  get isThrottled(): boolean {
    return this.#is.includes("throttled");
  }

  /** The connection could not be made or broke. A generation may or may not have started. */
  get isConnect(): boolean {
    return this.#is.includes("connect");
  }

  /** Time ran out: the call's, or a stream's between two pieces. */
  get isTimeout(): boolean {
    return this.#is.includes("timeout");
  }

  /** What was being received ended too early; what had arrived is incomplete. */
  get isTruncated(): boolean {
    return this.#is.includes("truncated");
  }

  /** The stream fell silent for longer than the idle timeout. */
  get isStalled(): boolean {
    return this.#is.includes("stalled");
  }

  /** The service broke off a stream with an error of its own. */
  get isInStream(): boolean {
    return this.#is.includes("inStream");
  }

  /** The platform's content filter cut the answer off; what came before is in `partial`. */
  get isContentFiltered(): boolean {
    return this.#is.includes("contentFiltered");
  }

  /** The platform ran out of resources and cut the answer off; what came before is in `partial`. */
  get isOutOfResources(): boolean {
    return this.#is.includes("outOfResources");
  }

  /** The chat completion as far as it came, if the platform cut it short. */
  get partial(): ChatCompletion | undefined {
    const cutShort = this.isContentFiltered || this.isOutOfResources;
    return cutShort && this.body ? (JSON.parse(this.body) as ChatCompletion) : undefined;
  }

  /** The deployment, model, project or path does not exist, or does not serve. */
  get isNotFound(): boolean {
    return this.#is.includes("notFound");
  }

  /** Long work that had been started came to nothing; the platform's last answer is in `body`. */
  get isJobFailed(): boolean {
    return this.#is.includes("jobFailed");
  }

  /** The same call may succeed later without any change. */
  get isTransient(): boolean {
    return this.#is.includes("transient");
  }

  /** You ended the call. */
  get isCancelled(): boolean {
    return this.kind === "cancelled";
  }
}

/** An error made on this side of the boundary. */
export function localError(kind: ErrorKind, message: string, more: Partial<ErrorFacts> = {}, cause?: unknown): PanguLMError {
  const facts = { kind, message, detail: message, is: [], attempts: 0, ...more };
  return new PanguLMError(facts, cause === undefined ? undefined : { cause });
}

/** The error of a call that its `signal` ended; the signal's reason is its cause. */
export function cancelled(signal: AbortSignal, operation: string): PanguLMError {
  return localError("cancelled", `${operation}: the call was ended by its signal`, { operation }, signal.reason);
}
