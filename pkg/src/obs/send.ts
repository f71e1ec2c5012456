/** One request to OBS: its URL signed, sent, and sent again where that is right. */

import { cancelled, type PanguLMError } from "../errors.js";
import { invalid, type SigningCredentials } from "../signer/options.js";
import { presign } from "../signer/presign.js";
import { sleep } from "../sleep.js";
import { mayReconnect, mayRepeat, RetryBudget, waitBefore } from "./again.js";
import { isLoopback, refused, unreachable } from "./failure.js";

/** What a URL is wanted for. */
export interface ObsRequest {
  /** `GET`, `PUT`, `POST`, `DELETE` or `HEAD`. */
  method: string;
  bucket: string;
  /** The object; none for what is done to the bucket. */
  key?: string;
  /** The query; `null` for a name without a value. It is part of what is signed. */
  query: Record<string, string | null>;
  /** The `Content-Type` with which the request will be sent, which is signed. */
  contentType?: string;
  /** Further headers that it will have, which are signed too. */
  headers?: Record<string, string>;
}

/** Where a bucket is, and who may use it. */
export interface BucketOptions {
  /** The region whose public endpoint is taken, such as `cn-southwest-2`. */
  region?: string;
  /** In its place the service's host without the bucket, or the custom domain. */
  endpoint?: string;
  /**
   * How the bucket is addressed. Default: `virtualHost`, the bucket in front of the endpoint, and
   * `path` on this machine.
   */
  addressing?: "virtualHost" | "path" | "customDomain";
  /** A key that signs, or a function that gives one: temporary keys are asked for again before each request. */
  credentials?: SigningCredentials | (() => SigningCredentials | Promise<SigningCredentials>);
  /** In place of a key, a function of yours that has URLs signed elsewhere: the way for pages, which must hold no key. */
  sign?: (request: ObsRequest) => string | Promise<string>;
  /**
   * How often a request may be sent again, from 0: after a failing connection, status 429 or 5xx, and
   * only if its repetition does no harm. Default: 2.
   */
  maxRetries?: number;
  /** The `fetch` to use. Default: the global one. */
  fetch?: typeof globalThis.fetch;
}

/** What every method takes. */
export interface SignalOptions {
  /** Ends the request, or the wait before it is sent again. */
  signal?: AbortSignal;
}

/** The life of a URL that is used at once, in seconds. */
const AT_ONCE = 900;

/** What can be sent. */
export type Content = string | Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** What is asked of a bucket. */
export interface Ask extends SignalOptions {
  /** The name of this in errors. */
  operation: string;
  method: string;
  key?: string | undefined;
  query?: Record<string, string | null>;
  contentType?: string | undefined;
  headers?: Record<string, string>;
  /** Headers that are signed as well. */
  signedHeaders?: Record<string, string>;
  body?: Content;
}

/** What came of one attempt: a success, or an error and whether another attempt is right. */
type Outcome = { response: Response; error?: never; again?: never } | { response?: never; error: PanguLMError; again: boolean };

/** Sends to one bucket. */
export class Sender {
  readonly #budget = new RetryBudget();

  constructor(
    readonly bucket: string,
    readonly options: BucketOptions,
  ) {
    if (typeof bucket !== "string" || bucket === "") throw invalid("bucket", "must be a name");
    if ((options.credentials === undefined) === (options.sign === undefined)) {
      throw invalid("credentials", "or sign must be given, and not both", "give a key, or a function that has URLs signed");
    }
    const { maxRetries = 0 } = options;
    if (!Number.isInteger(maxRetries) || maxRetries < 0) {
      throw invalid("maxRetries", `must be a whole number from 0; got ${maxRetries}`);
    }
  }

  /** A URL that makes a request good for whoever has it. */
  async url(ask: Ask, expiresIn: number): Promise<string> {
    const { method, key, query = {}, contentType, signedHeaders: headers } = ask;
    const { sign, credentials, region, endpoint } = this.options;
    const wanted: ObsRequest = {
      method,
      bucket: this.bucket,
      query,
      ...(key !== undefined && { key }),
      ...(contentType !== undefined && { contentType }),
      ...(headers !== undefined && { headers }),
    };
    if (sign !== undefined) return sign(wanted);
    const secrets = typeof credentials === "function" ? await credentials() : credentials;
    return presign({
      ...(secrets as SigningCredentials),
      ...wanted,
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      addressing: this.#addressing(),
      expiresIn,
    });
  }

  #addressing(): "virtualHost" | "path" | "customDomain" {
    return this.options.addressing ?? (isLoopback(this.options.endpoint) ? "path" : "virtualHost");
  }

  /** The headers of metadata: where a bucket stands in the path or behind a domain, AWS's names count. */
  metadata(own: Record<string, string> | undefined): Record<string, string> | undefined {
    if (own === undefined) return undefined;
    const prefix = this.#addressing() === "virtualHost" ? "x-obs-meta-" : "x-amz-meta-";
    return Object.fromEntries(Object.entries(own).map(([name, value]) => [prefix + name.toLowerCase(), value]));
  }

  /** Sends a request, again where that is right; each attempt is signed anew. @throws {PanguLMError} unless it is a success. */
  async send(ask: Ask): Promise<Response> {
    const { operation, body, signal } = ask;
    // Types do not hold everyone from giving a stream, which is gone once it was sent.
    const most = body instanceof ReadableStream ? 0 : (this.options.maxRetries ?? 2);
    for (let retries = 0; ; retries += 1) {
      const { response, error, again } = await this.#attempt(ask, retries + 1);
      if (response !== undefined) {
        this.#budget.earn();
        return response;
      }
      const wait = again && retries < most ? waitBefore(retries, error.retryAfter) : undefined;
      if (wait === undefined || !this.#budget.spend()) throw error;
      await sleep(wait, signal);
      if (signal?.aborted) throw cancelled(signal, operation);
    }
  }

  async #attempt(ask: Ask, attempts: number): Promise<Outcome> {
    const { operation, method, contentType, body, signal } = ask;
    const url = await this.url(ask, AT_ONCE);
    const fetch = this.options.fetch ?? globalThis.fetch.bind(globalThis);
    const headers = { ...ask.headers, ...ask.signedHeaders, ...(contentType !== undefined && { "content-type": contentType }) };
    let response: Response;
    try {
      response = await fetch(url, { method, headers, redirect: "manual", ...(body !== undefined && { body }), ...(signal && { signal }) });
    } catch (cause) {
      if (signal?.aborted) throw cancelled(signal, operation);
      return { error: unreachable(operation, new URL(url), cause, attempts), again: mayReconnect(method, cause) };
    }
    if (response.ok) return { response };
    // The status says enough where the rest does not come.
    const said = await response.text().catch(() => "");
    return { error: refused(operation, response, said, attempts), again: mayRepeat(method, response.status) };
  }
}

/** The value of a header that OBS answers. */
export function header(headers: Headers, name: string): string | undefined {
  return headers.get(name) ?? undefined;
}
