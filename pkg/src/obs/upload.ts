/** Objects that come as a stream of unknown length, or are too large for one request. */

import { invalid } from "../signer/options.js";
import type { StoredObject } from "./bucket.js";
import { type Content, settingsOf, type SignalOptions } from "./options.js";
import { header, idOf, type Sender } from "./send.js";
import { escape, textOf } from "./xml.js";

/** How an object is uploaded in parts. */
export interface UploadOptions extends SignalOptions {
  /** The media type. Default: `application/octet-stream`. */
  contentType?: string;
  /** The size of a part in bytes, from 100 KiB. An object has at most 10000 parts. Default: 8 MiB. */
  partSize?: number;
  /** How many parts are sent at a time; so many and one more are in memory. Default: 4. */
  parallel?: number;
  /** Told after every part. */
  onProgress?: (sentBytes: number) => void;
}

/** What can be uploaded. */
export type Source = Content | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

const DEFAULT_PART = 8 << 20;
const SMALLEST_PART = 100 << 10;
const LARGEST_PART = 5 * 2 ** 30;
const MOST_PARTS = 10_000;

/** @internal */
export async function upload(sender: Sender, key: string, source: Source, options: UploadOptions): Promise<StoredObject> {
  const { partSize = DEFAULT_PART, parallel = 4, contentType = "application/octet-stream", onProgress } = options;
  if (!(partSize >= SMALLEST_PART && partSize <= LARGEST_PART)) {
    throw invalid("partSize", `must be from ${SMALLEST_PART} to ${LARGEST_PART} bytes; got ${partSize}`);
  }
  const about = { key, settings: settingsOf(options) };
  const parts = inParts(source, partSize);
  const first = await parts.next();
  const only = first.done ? new Uint8Array() : first.value;
  if (only.length < partSize) {
    const put = { operation: "obs.putObject", method: "PUT", contentType, body: only, ...about };
    const whole = await sender.send(put, (answer) => stored(header(answer.headers, "etag"), answer));
    onProgress?.(only.length);
    return whole;
  }
  const begin = { operation: "obs.beginUpload", method: "POST", query: { uploads: null }, contentType, ...about };
  const uploadId = textOf(await sender.send(begin, (answer, turn) => turn.text(answer)), "UploadId") ?? "";
  const etags: string[] = [];
  let sent = 0;
  const send = async (index: number, body: Uint8Array<ArrayBuffer>) => {
    if (index >= MOST_PARTS) throw invalid("partSize", "is too small for this stream: an object has at most 10000 parts");
    const query = { partNumber: String(index + 1), uploadId };
    const ask = { operation: "obs.uploadPart", method: "PUT", query, body, ...about };
    const etag = await sender.send(ask, ({ headers }) => header(headers, "etag"));
    if (etag === undefined) throw invalid("ETag", "cannot be read", "expose it in the bucket's CORS rule");
    etags[index] = etag;
    onProgress?.((sent += body.length));
  };
  try {
    await each(first.value as Uint8Array<ArrayBuffer>, parts, Math.max(1, parallel), send);
    const named = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escape(etag)}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${named.join("")}</CompleteMultipartUpload>`;
    const complete = { operation: "obs.completeUpload", method: "POST", query: { uploadId }, contentType: "application/xml", body, ...about };
    return await sender.send(complete, async (answer, turn) => stored(textOf(await turn.text(answer), "ETag"), answer));
  } catch (error) {
    // The first failure is the one to tell; the parts would cost.
    const abort = { operation: "obs.abortUpload", method: "DELETE", query: { uploadId }, key, settings: {} };
    await sender.send(abort, () => {}).catch(() => {});
    throw error;
  }
}

/** @internal */
export function stored(etag: string | undefined, answer: Response): StoredObject {
  return { etag, requestId: idOf(answer) };
}

/** Sends so many parts at a time. After a failure no other one begins, and none is left under way. */
async function each(
  first: Uint8Array<ArrayBuffer>,
  rest: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  parallel: number,
  send: (index: number, part: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  const start = (index: number, part: Uint8Array<ArrayBuffer>) => {
    const sending = send(index, part)
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  start(0, first);
  try {
    for (let index = 1; failure === undefined; index += 1) {
      const next = await rest.next();
      if (next.done) break;
      while (underWay.size >= parallel) await Promise.race(underWay);
      if (failure === undefined) start(index, next.value);
    }
  } finally {
    await Promise.all(underWay);
    await rest.return(undefined);
  }
  if (failure !== undefined) throw failure.error;
}

/** The bytes in parts of one size, the last one less. */
async function* inParts(source: Source, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let part = new Uint8Array(size);
  let filled = 0;
  for await (const piece of bytesOf(source)) {
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + size - filled);
      part.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled === size) {
        yield part;
        part = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield part.slice(0, filled);
}

async function* bytesOf(source: Source): AsyncGenerator<Uint8Array, void, undefined> {
  if (Symbol.asyncIterator in Object(source) && !(source instanceof ReadableStream)) {
    yield* source as AsyncIterable<Uint8Array>;
    return;
  }
  // Safari's streams are no async iterables.
  const reader = new Response(source as BodyInit).body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) yield next.value as Uint8Array;
  } finally {
    await reader?.cancel().catch(() => {});
  }
}
