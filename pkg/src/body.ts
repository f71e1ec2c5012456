/** Writing bodies, and reading them within bounds. */

/** A value as the JSON of a body; nothing of nothing. */
export function json(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  return value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value));
}

/** The body; `undefined` if it is longer than the limit and not to be cut. */
export async function readBody(
  response: Response | undefined,
  limit: number,
  signal: AbortSignal,
  longer: "cut" | "refuse",
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = response?.body?.getReader();
  // A body of a fetch that is not the platform's own may know nothing of the signal.
  const cancel = () => void reader?.cancel().catch(() => {});
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  try {
    const pieces: Uint8Array[] = [];
    let length = 0;
    while (reader !== undefined && length <= limit) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      pieces.push(value);
      length += value.length;
    }
    if (length > limit) {
      cancel();
      if (longer === "refuse") return undefined;
    }
    return joined(pieces, length).subarray(0, limit);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function joined(pieces: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** How long, and how much, may come after the end mark of a stream. */
const READ_OUT_MS = 1_000;
const READ_OUT_BYTES = 16 * 1024;

/**
 * Takes what is left after the end mark of a stream, so that the connection can serve again. If
 * that is much, or takes long, `close` closes the connection after all.
 */
export async function readOut(reader: ReadableStreamDefaultReader<Uint8Array>, close: () => void): Promise<void> {
  const timer = setTimeout(close, READ_OUT_MS);
  try {
    for (let read = 0; read <= READ_OUT_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) return;
      read += value.length;
    }
    close();
  } catch {
    // The answer was complete before.
  } finally {
    clearTimeout(timer);
  }
}
