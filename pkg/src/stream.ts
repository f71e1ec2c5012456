import { unwatch, watch } from "./abandoned.js";
import { readOut } from "./body.js";
import type { ErrorFacts, Progress } from "./boundary.js";
import type { Outcome } from "./driver.js";
import { cancelled, localError, PanguLMError } from "./errors.js";
import { describe } from "./failure.js";
import type { Handle } from "./handle.js";
import type { Life } from "./life.js";
import { type Logger, tellFailure } from "./log.js";
import { Silence } from "./silence.js";
import type { ChatCompletion, ChatCompletionChunk, TextChunk, TextCompletion } from "./types.js";

/** @internal What a stream is made of. */
export interface StreamParts {
  outcome: Outcome;
  operation: string;
  signal: AbortSignal | undefined;
  idleTimeout: number;
  logger: Logger | undefined;
}

/** What a stream holds that must be given back, also when nobody reads it and it is collected as garbage. */
interface Held {
  life: Life;
  decoder: Handle;
  silence: Silence;
  stalled: boolean;
  over: boolean;
}

/** Gives the decoder back. The connection is closed, unless what is left of its body can be read out. */
function giveBack(held: Held, left?: ReadableStreamDefaultReader<Uint8Array>): void {
  const { life, decoder } = held;
  held.over = true;
  held.silence.stop();
  life.over();
  decoder.free();
  if (left === undefined) life.abort.abort();
  else void readOut(left, () => life.abort.abort());
}

/** Lets others go on at once, although nobody may be reading: a stream that has ended is not under way. */
function giveUpPlace({ life, decoder, over }: Held, how: "broken" | "stalled"): void {
  if (!over && life.engine.works) decoder.ask({ ask: how, text: ENDED });
}

/** What a stream needs, with a watch over its silence that does not hold the stream itself. */
function hold(life: Life, decoder: Handle, idleTimeout: number): Held {
  const silence = new Silence(idleTimeout, () => {
    held.stalled = true;
    giveUpPlace(held, "stalled");
    life.abort.abort();
  });
  const held: Held = { life, decoder, silence, stalled: false, over: false };
  return held;
}

const ENDED = "the stream was ended by abort()";

/**
 * A streamed answer: an async iterable of its pieces, for one reader.
 *
 * Leaving the loop, by `break` or by an error, closes the connection at once. A stream that ends
 * before the answer is complete throws; what had arrived is in {@link partial}.
 */
export class EventStream<Piece, Whole> implements AsyncIterable<Piece> {
  /** The platform's id of the request. */
  readonly requestId: string | undefined;
  readonly #parts: StreamParts;
  readonly #held: Held;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #onAbort: () => void;
  readonly #chunks: AsyncGenerator<Piece, void, undefined>;
  #taken = false;
  #complete = false;
  #failure: unknown;
  /** What had arrived when the stream was closed. */
  #message: Whole | undefined;

  /** @internal */
  constructor(parts: StreamParts) {
    const { outcome, signal } = parts;
    if (outcome.stream === undefined) {
      throw localError("internal", "a stream was made without one. Please report this");
    }
    const { decoder, response, life } = outcome.stream;
    this.#parts = parts;
    this.requestId = outcome.answer.requestId;
    const reader = response.body?.getReader();
    this.#reader = reader;
    this.#held = hold(life, decoder, parts.idleTimeout);
    this.#chunks = this.#read();
    // These must not hold the stream itself: whoever forgets it would keep it by the signal.
    const held = this.#held;
    watch(this, () => giveBack(held), held);
    life.abort.signal.addEventListener("abort", () => {
      reader?.cancel().catch(() => {});
      giveUpPlace(held, "broken");
    });
    this.#onAbort = () => life.abort.abort();
    signal?.addEventListener("abort", this.#onAbort);
    if (signal?.aborted) this.#onAbort();
  }

  /** The pieces, as they come; for one reader. */
  [Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    if (this.#taken) throw localError("invalid_input", "a stream can be read once: keep its chunks if you need them again");
    this.#taken = true;
    return this.#chunks;
  }

  /** Reads to the end and gives the whole answer, put together from the chunks. */
  async finish(): Promise<Whole> {
    this.#taken = true;
    while (!(await this.#chunks.next()).done);
    if (this.#failure !== undefined) throw this.#failure;
    return this.partial();
  }

  /** What has arrived so far, put together as one answer. */
  partial(): Whole {
    return structuredClone(this.#message ?? this.#arrived());
  }

  /** Ends the stream and closes its connection. */
  abort(): void {
    this.#held.life.abort.abort();
  }

  /** The chunks as a stream of objects; cancelling it closes the connection. */
  toReadableStream(): ReadableStream<Piece> {
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

  async *#read(): AsyncGenerator<Piece, void, undefined> {
    const { life, silence } = this.#held;
    try {
      if (this.#reader === undefined) {
        throw localError("unexpected_answer", "the service answered with a stream that has no body");
      }
      for (;;) {
        // The next piece, `clean` at the end, or the error that broke it off. Not got by a function, which
        // makes a further promise for each piece.
        let piece: unknown;
        silence.begin();
        try {
          const { done, value } = await this.#reader.read();
          piece = done ? (life.abort.signal.aborted ? new Error(ENDED) : "clean") : value;
        } catch (error) {
          piece = error;
        }
        silence.end();
        const { chunks, state, reason } = this.#decode(piece);
        this.#complete = state === "complete";
        // Not yield*, for the same reason.
        for (const chunk of chunks) yield chunk;
        if (state === "failed") throw new PanguLMError(reason as ErrorFacts);
        if (state === "complete") return;
      }
    } catch (error) {
      const { signal, operation, logger } = this.#parts;
      this.#failure = life.ended ?? (signal?.aborted ? cancelled(signal, operation) : error);
      tellFailure(logger, operation, this.#failure);
      throw this.#failure;
    } finally {
      this.#close();
    }
  }

  /** The events of a piece of the body, or of its end. */
  #decode(piece: unknown): Progress<Piece> {
    const { life, decoder, stalled } = this.#held;
    const { signal, operation } = this.#parts;
    if (life.ended !== undefined) throw life.ended;
    if (signal?.aborted) throw cancelled(signal, operation);
    // By no class of this realm: a page of jsdom has another one than the `fetch` that Node lends it.
    if (ArrayBuffer.isView(piece)) return decoder.ask(undefined, piece as Uint8Array);
    const how = stalled ? "stalled" : piece === "clean" ? "clean" : "broken";
    return decoder.ask({ ask: how, text: describe(piece) });
  }

  #arrived(): Whole {
    return this.#held.decoder.ask<{ message: Whole }>({ ask: "message" }).message;
  }

  #close(): void {
    const held = this.#held;
    if (held.over) return;
    unwatch(held);
    if (held.life.engine.works) this.#message = this.#arrived();
    this.#parts.signal?.removeEventListener("abort", this.#onAbort);
    giveBack(held, this.#complete ? this.#reader : undefined);
  }
}

/**
 * The stream of a chat.
 *
 * ```ts
 * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
 * const { usage } = await stream.finalMessage();
 * ```
 */
export class ChatStream extends EventStream<ChatCompletionChunk, ChatCompletion> {
  /** Reads to the end and gives the whole answer: {@link finish}, by the name known from other SDKs. */
  finalMessage(): Promise<ChatCompletion> {
    return this.finish();
  }
}

/** The stream of a text that is continued. */
export class TextStream extends EventStream<TextChunk, TextCompletion> {}
