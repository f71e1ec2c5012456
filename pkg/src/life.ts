import type { Engine } from "./engine.js";
import type { PanguLMError } from "./errors.js";

/** What a call, and then its stream, lives by: a way to end it, and the error it was ended with. */
export class Life {
  /** Ends what is under way; a new one takes its place once a timeout has used it. */
  abort = new AbortController();
  /** Why the client itself has ended it. */
  ended: PanguLMError | undefined;

  constructor(readonly engine: Engine) {
    engine.lives.add(this);
  }

  end(error: PanguLMError): void {
    this.ended ??= error;
    this.abort.abort();
  }

  over(): void {
    this.engine.lives.delete(this);
  }
}

/** The promise, unless the signal comes first; what comes too late is dropped. */
export function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
