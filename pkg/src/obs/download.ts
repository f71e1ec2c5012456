/** An object on its way here. */

import { unwatch, watch } from "../abandoned.js";
import { Silence } from "../silence.js";
import type { ObjectInfo } from "./bucket.js";
import type { Turn } from "./turn.js";

/** An object whose bytes come as a stream; `for await` gives them piece by piece. */
export interface ObjectDownload extends AsyncIterable<Uint8Array> {
  /** What the answer says about the object. */
  readonly info: ObjectInfo;
  /** The bytes. One that is cut, or silent for longer than the idle timeout, ends in an error. */
  readonly stream: ReadableStream<Uint8Array>;
  /** All bytes in memory. */
  bytes(): Promise<Uint8Array>;
  /** All bytes as text in UTF-8. */
  text(): Promise<string>;
}

/** @internal `maxBytes`: the largest object that is taken into memory. */
export function download(info: ObjectInfo, response: Response, turn: Turn, idleTimeout: number, maxBytes = Infinity): ObjectDownload {
  turn.keep();
  const stream = counted(response, turn, idleTimeout);
  const bytes = async () => whole(stream, response, turn, maxBytes);
  return {
    info,
    stream,
    bytes,
    text: async () => new TextDecoder().decode(await bytes()),
    [Symbol.asyncIterator]: () => pieces(stream),
  };
}

/** The body, which must have as many bytes as were announced: not every runtime looks. */
function counted(response: Response, turn: Turn, idleTimeout: number): ReadableStream<Uint8Array> {
  const announced = Number(response.headers.get("content-length") ?? NaN);
  const reader = (response.body ?? new Response("").body)?.getReader();
  let length = 0;
  let stalled: (error: unknown) => void = () => {};
  const silence = new Silence(idleTimeout, () => {
    const detail = "nothing came for longer than the idle timeout";
    stalled(turn.broken("stalled", ["timeout", "stalled", "transient"], response, detail));
  });
  const over = () => {
    unwatch(turn);
    silence.stop();
    turn.over();
  };
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const fail = (error: unknown) => {
        over();
        controller.error(error);
        reader?.cancel(error).catch(() => {});
      };
      stalled = fail;
      try {
        silence.begin();
        const next = await turn.during(Promise.resolve(reader?.read()));
        silence.end();
        if (next?.value !== undefined) {
          length += next.value.length;
          controller.enqueue(next.value);
        } else if (length < announced) {
          fail(turn.cut(response, "the object"));
        } else {
          over();
          controller.close();
        }
      } catch (error) {
        fail(turn.ended ?? turn.cut(response, "the object", error));
      }
    },
    cancel(reason) {
      over();
      return reader?.cancel(reason);
    },
  });
  watch(stream, () => turn.over(), turn);
  return stream;
}

async function whole(stream: ReadableStream<Uint8Array>, response: Response, turn: Turn, maxBytes: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let length = 0;
  const refuse = () =>
    turn.broken("too_large", [], response, `the object is larger than the client's maxAnswerBytes, ${maxBytes}; read it in pieces`);
  if (Number(response.headers.get("content-length")) > maxBytes) {
    await stream.cancel();
    throw refuse();
  }
  for await (const piece of { [Symbol.asyncIterator]: () => pieces(stream) }) {
    length += piece.length;
    if (length > maxBytes) throw refuse();
    kept.push(piece);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of kept) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
