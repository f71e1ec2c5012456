/** An object on its way here. */

import { localError } from "../errors.js";
import type { ObjectInfo } from "./bucket.js";

/** An object whose bytes come as a stream; `for await` gives them piece by piece. */
export interface ObjectDownload extends AsyncIterable<Uint8Array> {
  /** What the answer says about the object. */
  readonly info: ObjectInfo;
  /** The bytes. One that is cut ends in an error. */
  readonly stream: ReadableStream<Uint8Array>;
  /** All bytes in memory. */
  bytes(): Promise<Uint8Array>;
  /** All bytes as text in UTF-8. */
  text(): Promise<string>;
}

export function download(info: ObjectInfo, response: Response): ObjectDownload {
  const announced = response.headers.get("content-length");
  const stream = counted(response, announced === null ? undefined : Number(announced), info.requestId);
  const bytes = async () => new Uint8Array(await new Response(stream).arrayBuffer());
  return {
    info,
    stream,
    bytes,
    text: async () => new TextDecoder().decode(await bytes()),
    [Symbol.asyncIterator]: () => pieces(stream),
  };
}

/** The body, which must have as many bytes as were announced: not every runtime looks. */
function counted(response: Response, announced: number | undefined, requestId: string | undefined): ReadableStream<Uint8Array> {
  let length = 0;
  const cut = () =>
    localError("truncated", "obs.getObject: the object ended too early", { operation: "obs.getObject", is: ["truncated"], ...(requestId && { requestId }) });
  const source = response.body ?? new Response("").body;
  const reader = source?.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader?.read();
        if (next?.value !== undefined) {
          length += next.value.length;
          controller.enqueue(next.value);
        } else if (announced !== undefined && length < announced) {
          controller.error(cut());
        } else {
          controller.close();
        }
      } catch (error) {
        const failed = cut();
        failed.cause = error;
        controller.error(failed);
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
