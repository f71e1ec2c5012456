/** What is in a bucket, page after page. */

import { settingsOf, type SignalOptions } from "./options.js";
import type { Sender } from "./send.js";
import { elements, textOf } from "./xml.js";

/** Which objects to list. */
export interface ListOptions extends SignalOptions {
  /** Only keys that begin so. */
  prefix?: string;
  /** Keys that are alike up to this text come as one folder. `/` makes folders of paths. */
  delimiter?: string;
  /** How many entries to ask for at once. They all come, whatever this is. Default: OBS's. */
  pageSize?: number;
}

/** An object, or a folder: the common beginning of several keys. */
export type ListEntry =
  | {
      /** An object. */
      kind: "object";
      /** Its key, whole. */
      key: string;
      /** Its size in bytes. */
      size: number;
      /** Its ETag, in quotation marks as it is sent. */
      etag: string | undefined;
      /** When it was put. */
      lastModified: Date | undefined;
    }
  | {
      /** A folder. */
      kind: "folder";
      /** What its keys begin with, up to the delimiter and with it. */
      key: string;
    };

/** @internal A page is got when its first entry is wanted. */
export async function* list(sender: Sender, options: ListOptions): AsyncGenerator<ListEntry, void, undefined> {
  const { prefix, delimiter, pageSize } = options;
  let marker: string | undefined;
  do {
    const query: Record<string, string | null> = {
      // Keys may hold what XML cannot.
      "encoding-type": "url",
      ...(prefix !== undefined && { prefix }),
      ...(delimiter !== undefined && { delimiter }),
      ...(pageSize !== undefined && { "max-keys": String(pageSize) }),
      ...(marker !== undefined && { marker }),
    };
    const ask = { operation: "obs.listObjects", method: "GET", query, settings: settingsOf(options) };
    const xml = await sender.send(ask, (answer, turn) => turn.text(answer));
    const entries = [...elements(xml, "Contents").map(object), ...elements(xml, "CommonPrefixes").map(folder)];
    yield* entries;
    const last = entries.map(({ key }) => key).reduce((a, b) => (a > b ? a : b), "");
    const next = textOf(xml, "IsTruncated") === "true" ? (key(xml, "NextMarker") || last) : undefined;
    if (next === marker) return;
    marker = next;
  } while (marker !== undefined);
}

function object(xml: string): ListEntry {
  const modified = textOf(xml, "LastModified");
  return {
    kind: "object",
    key: key(xml, "Key"),
    size: Number(textOf(xml, "Size") ?? 0),
    etag: textOf(xml, "ETag"),
    lastModified: modified === undefined ? undefined : new Date(modified),
  };
}

function folder(xml: string): ListEntry {
  return { kind: "folder", key: key(xml, "Prefix") };
}

function key(xml: string, name: string): string {
  return decodeURIComponent((textOf(xml, name) ?? "").replace(/%(?![\da-f]{2})/gi, "%25"));
}
