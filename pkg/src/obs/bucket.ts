import { invalid } from "../signer/options.js";
import { type CorsRule, getCors, setCors } from "./cors.js";
import { download, type ObjectDownload } from "./download.js";
import { list, type ListEntry, type ListOptions } from "./list.js";
import { type BucketOptions, type Content, settingsOf, type SignalOptions } from "./options.js";
import { header, type Owner, Sender } from "./send.js";
import { type Source, stored, upload, type UploadOptions } from "./upload.js";

/** What is known about an object without its bytes. */
export interface ObjectInfo {
  /**
   * The size of the whole object in bytes, also when a range was asked for. In a page a range tells
   * it only if the bucket's CORS rule exposes `Content-Range`.
   */
  size: number | undefined;
  /** The ETag, in quotation marks as it is sent. */
  etag: string | undefined;
  /** The media type. */
  contentType: string | undefined;
  /** When it was put. */
  lastModified: Date | undefined;
  /** Metadata of the caller's own, its names in lower case and without `x-obs-meta-`. */
  metadata: Record<string, string>;
  /** OBS's id of the request: support asks for it. */
  requestId: string | undefined;
}

/** What is said about an object that is put. */
export interface PutOptions extends SignalOptions {
  /** The media type. Default: `application/octet-stream`. */
  contentType?: string;
  /** Metadata of your own, sent as `x-obs-meta-NAME`. */
  metadata?: Record<string, string>;
}

/** An object that was put. */
export interface StoredObject {
  /** The ETag, in quotation marks as it is sent. */
  etag: string | undefined;
  /** OBS's id of the request: support asks for it. */
  requestId: string | undefined;
}

/**
 * A bucket of OBS.
 *
 * Every request is a presigned URL, made here with a key (permanent or temporary), or elsewhere by a
 * function of yours. From a page, the bucket needs a CORS rule for the page's origin.
 *
 * After a failing connection, status 429 or 5xx a request is signed anew and sent again, at most twice
 * (`maxRetries`), with a wait before it that grows or that OBS asked for. What begins or completes an
 * upload in parts is sent again only if OBS cannot have done it. A clock that is wrong is corrected once, and
 * a temporary key that is refused is renewed once, if a function gives it.
 */
export class Bucket {
  readonly #sender: Sender;
  readonly #maxBytes: number | undefined;

  constructor(name: string, options: BucketOptions);
  /** @internal `owner`: the client; `maxBytes`: the largest object to take into memory. */
  constructor(name: string, options: BucketOptions, owner: Owner, maxBytes: number);
  constructor(name: string, options: BucketOptions, owner?: Owner, maxBytes?: number) {
    this.#sender = new Sender(name, options, owner);
    this.#maxBytes = maxBytes;
  }

  /** Puts an object of up to 5 GB, in place of one of the same key. @throws {PanguLMError} */
  async put(key: string, body: Content, options: PutOptions = {}): Promise<StoredObject> {
    // Sent in any case: fetch would add one to a text, and what is not signed is refused.
    const { contentType = "application/octet-stream" } = options;
    const signedHeaders = this.#sender.metadata(options.metadata);
    const ask = { operation: "obs.putObject", method: "PUT", key: named(key), contentType, signedHeaders, body };
    return this.#sender.send({ ...ask, settings: settingsOf(options) }, (answer) => stored(header(answer.headers, "etag"), answer));
  }

  /**
   * Uploads a stream or a large file in parts. If it fails, the parts that arrived are deleted again.
   *
   * ```ts
   * await bucket.upload("video.mp4", file, { contentType: file.type, onProgress: (bytes) => show(bytes / file.size) });
   * ```
   *
   * @throws {PanguLMError}
   */
  upload(key: string, source: Source, options: UploadOptions = {}): Promise<StoredObject> {
    return upload(this.#sender, named(key), source, options);
  }

  /** Gets an object, or the bytes from `start` to before `end`. @throws {PanguLMError} */
  async get(key: string, options: SignalOptions & { start?: number; end?: number } = {}): Promise<ObjectDownload> {
    const { start = 0, end } = options;
    if (end !== undefined && !(start < end)) throw invalid("end", "must be above start");
    const last = end === undefined ? "" : end - 1;
    const headers = start === 0 && end === undefined ? {} : { range: `bytes=${start}-${last}` };
    const ask = { operation: "obs.getObject", method: "GET", key: named(key), headers, settings: settingsOf(options) };
    const { idleTimeout = 60_000 } = this.#sender.options;
    return this.#sender.send(ask, (answer, turn) => download(info(answer), answer, turn, idleTimeout, this.#maxBytes));
  }

  /** What is known about an object, without its bytes. @throws {PanguLMError} */
  async head(key: string, options: SignalOptions = {}): Promise<ObjectInfo> {
    return this.#sender.send({ operation: "obs.headObject", method: "HEAD", key: named(key), settings: options }, info);
  }

  /** Deletes an object. That there is none is no error. @throws {PanguLMError} */
  async delete(key: string, options: SignalOptions = {}): Promise<void> {
    await this.#sender.send({ operation: "obs.deleteObject", method: "DELETE", key: named(key), settings: options }, () => {});
  }

  /** The objects and folders, page after page. @throws {PanguLMError} */
  list(options: ListOptions = {}): AsyncGenerator<ListEntry, void, undefined> {
    return list(this.#sender, options);
  }

  /** The bucket's rules for pages; none if there are none. @throws {PanguLMError} */
  cors(options: SignalOptions = {}): Promise<CorsRule[]> {
    return getCors(this.#sender, options);
  }

  /** Replaces the bucket's rules for pages; an empty list deletes them. @throws {PanguLMError} */
  setCors(rules: CorsRule[], options: SignalOptions = {}): Promise<void> {
    return setCors(this.#sender, rules, options);
  }

  /**
   * A URL with which anyone may get an object, or by another `method` do something else with it, for
   * so many seconds. It is as good as a key: keep it out of logs. @throws {PanguLMError}
   */
  async presign(key: string, expiresIn: number, options: { method?: string; contentType?: string } = {}): Promise<string> {
    return this.#sender.url({ operation: "obs.presign", method: "GET", key: named(key), ...options }, expiresIn);
  }
}

/** Without a key, a request would be one to the bucket. */
function named(key: string): string {
  if (typeof key !== "string" || key === "") throw invalid("key", "must be a text that is not empty");
  return key;
}

function info({ status, headers }: Response): ObjectInfo {
  // The length of a part is not the object's.
  const total = status === 206 ? header(headers, "content-range")?.split("/")[1] : header(headers, "content-length");
  const modified = header(headers, "last-modified");
  const own = [...headers].flatMap(([name, value]) => (/^x-(obs|amz)-meta-/.test(name) ? [[name.slice(11), value] as const] : []));
  return {
    size: total === undefined ? undefined : Number(total),
    etag: header(headers, "etag"),
    contentType: header(headers, "content-type"),
    lastModified: modified === undefined ? undefined : new Date(modified),
    metadata: Object.fromEntries(own),
    requestId: header(headers, "x-obs-request-id"),
  };
}
