import type { ErrorFacts, Progress } from "./boundary.js";
import { describe, type Outcome } from "./driver.js";
import { cancelled, localError, PanguLMError } from "./errors.js";
import type { ChatCompletion, ChatCompletionChunk } from "./types.js";

/** What a stream is made of. */
export interface StreamParts {
  outcome: Outcome;
  operation: string;
  signal: AbortSignal | undefined;
  idleTimeout: number;
}

/**
 * The stream of a chat: an async iterable of chunks, for one reader.
 *
 * Leaving the loop, by `break` or by an error, closes the connection at once. A stream that ends
 * before the answer is complete throws; what had arrived is in {@link partial}.
 *
 * ```ts
 * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
 * const { usage } = await stream.finalMessage();
 * ```
 */
export class ChatStream implements AsyncIterable<ChatCompletionChunk> {
  /** The platform's id of the request. */
  readonly requestId: string | undefined;
  readonly #parts: StreamParts;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #chunks: AsyncGenerator<ChatCompletionChunk, void, undefined>;
  #taken = false;
  #stalled = false;
  #failure: unknown;
  /** What had arrived when the stream was closed, as JSON. */
  #message: string | undefined;

  /** @internal */
  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.requestId = parts.outcome.answer.requestId;
    this.#reader = parts.outcome.stream?.response.body?.getReader();
    this.#chunks = this.#read();
    parts.signal?.addEventListener("abort", this.#onAbort);
    if (parts.signal?.aborted) this.#onAbort();
  }

  [Symbol.asyncIterator](): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    if (this.#taken) throw localError("invalid_input", "a stream can be read once: keep its chunks if you need them again");
    this.#taken = true;
    return this.#chunks;
  }

  /** Reads to the end and gives the whole answer, put together from the chunks. */
  async finalMessage(): Promise<ChatCompletion> {
    this.#taken = true;
    while (!(await this.#chunks.next()).done);
    if (this.#failure !== undefined) throw this.#failure;
    return this.partial();
  }

  /** What has arrived so far, put together as one answer. */
  partial(): ChatCompletion {
    return JSON.parse(this.#message ?? this.#parts.outcome.stream?.decoder.message() ?? "{}") as ChatCompletion;
  }

  /** Ends the stream and closes its connection. */
  abort(): void {
    this.#parts.outcome.stream?.abort.abort();
    this.#reader?.cancel().catch(() => {});
  }

  /** The chunks as a stream of objects; cancelling it closes the connection. */
  toReadableStream(): ReadableStream<ChatCompletionChunk> {
    const chunks = this[Symbol.asyncIterator]();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        this.abort();
        await chunks.return();
      },
    });
  }

  async *#read(): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    try {
      for (;;) {
        const { chunks, state, error } = await this.#next();
        yield* chunks;
        if (state === "failed") throw new PanguLMError(error as ErrorFacts);
        if (state === "complete") return;
      }
    } catch (error) {
      const { signal, operation } = this.#parts;
      this.#failure = signal?.aborted ? cancelled(signal, operation) : error;
      throw this.#failure;
    } finally {
      this.#close();
    }
  }

  /** The events of the next piece of the body, or of its end. */
  async #next(): Promise<Progress<ChatCompletionChunk>> {
    const decoder = this.#parts.outcome.stream?.decoder;
    if (decoder === undefined || this.#reader === undefined) {
      throw localError("unexpected_answer", "the service answered with a stream that has no body");
    }
    const timer = setTimeout(() => {
      this.#stalled = true;
      this.abort();
    }, this.#parts.idleTimeout);
    try {
      const { done, value } = await this.#reader.read();
      if (!done) return parse(decoder.push(value));
      return parse(decoder.end(this.#stalled ? "stalled" : "clean", ""));
    } catch (error) {
      if (this.#parts.signal?.aborted) throw error;
      return parse(decoder.end(this.#stalled ? "stalled" : "broken", describe(error)));
    } finally {
      clearTimeout(timer);
    }
  }

  readonly #onAbort = (): void => this.abort();

  #close(): void {
    this.#parts.signal?.removeEventListener("abort", this.#onAbort);
    this.abort();
    const decoder = this.#parts.outcome.stream?.decoder;
    this.#message ??= decoder?.message();
    decoder?.free();
  }
}

function parse(json: string): Progress<ChatCompletionChunk> {
  return JSON.parse(json) as Progress<ChatCompletionChunk>;
}
