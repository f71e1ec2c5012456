import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";

/** The same as `unpacked` everywhere else, in a fraction of the time. */
export function unpacked(packed: string): BufferSource {
  return inflateRawSync(Buffer.from(packed, "base64")) as Uint8Array<ArrayBuffer>;
}
