/** One request to OBS: its URL signed, sent, and its refusal read. */

import { localError } from "../errors.js";
import { invalid, type SigningCredentials } from "../signer/options.js";
import { presign } from "../signer/presign.js";
import { textOf } from "./xml.js";

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
  /** The `fetch` to use. Default: the global one. */
  fetch?: typeof globalThis.fetch;
}

/** What every method takes. */
export interface SignalOptions {
  /** Ends the request. */
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

/** Sends to one bucket. */
export class Sender {
  constructor(
    readonly bucket: string,
    readonly options: BucketOptions,
  ) {
    if (typeof bucket !== "string" || bucket === "") throw invalid("bucket", "must be a name");
    if ((options.credentials === undefined) === (options.sign === undefined)) {
      throw invalid("credentials", "or sign must be given, and not both", "give a key, or a function that has URLs signed");
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

  /** Sends a request. @throws {PanguLMError} unless it is a success. */
  async send(ask: Ask): Promise<Response> {
    const { operation, method, contentType, body, signal } = ask;
    const url = await this.url(ask, AT_ONCE);
    const fetch = this.options.fetch ?? globalThis.fetch.bind(globalThis);
    const headers = { ...ask.headers, ...ask.signedHeaders, ...(contentType !== undefined && { "content-type": contentType }) };
    let response: Response;
    try {
      response = await fetch(url, { method, headers, redirect: "manual", ...(body !== undefined && { body }), ...(signal && { signal }) });
    } catch (error) {
      throw unreachable(operation, new URL(url), error, signal);
    }
    if (response.ok) return response;
    throw refused(operation, response.status, response.headers, method === "HEAD" ? "" : await response.text());
  }
}

/** The value of a header that OBS answers. */
export function header(headers: Headers, name: string): string | undefined {
  return headers.get(name) ?? undefined;
}

/** Which hosts a bucket cannot stand before. */
function isLoopback(endpoint = ""): boolean {
  return /^(https?:\/\/)?(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/i.test(endpoint);
}

function unreachable(operation: string, url: URL, error: unknown, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) {
    return localError("cancelled", `${operation}: the call was ended by its signal`, { operation }, signal.reason);
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  const remedy = hint(url.hostname, why);
  const detail = `no connection to ${url.host}: ${why}`;
  return localError("connect", remedy === undefined ? detail : `${detail}. ${remedy}`, { operation, detail, is: ["connect", "transient"], ...(remedy && { remedy }) }, error);
}

/** Browsers hide why a request failed; Node names the certificate. */
function hint(host: string, why: string): string | undefined {
  const bucket = host.split(".obs.")[0] ?? "";
  const hidden = typeof window !== "undefined";
  if (/certificate|CERT|altname/i.test(why) || hidden) {
    if (host.includes(".obs.") && bucket.includes(".")) {
      return "OBS's certificate covers no bucket with a dot in its name: use a bucket without dots";
    }
    if (!host.endsWith(".myhuaweicloud.com") && !isLoopback(host)) {
      return "A custom domain needs a certificate that fits its name: bind one to it in OBS's console, or use https://BUCKET.obs.REGION.myhuaweicloud.com";
    }
  }
  return hidden ? "Check that a CORS rule of the bucket allows this page's origin, method and headers" : undefined;
}

/** The error of an answer that is no success. */
function refused(operation: string, status: number, headers: Headers, body: string): Error {
  const code = textOf(body, "Code");
  const requestId = header(headers, "x-obs-request-id") ?? textOf(body, "RequestId");
  const detail = textOf(body, "Message") ?? `OBS answered with status ${status}`;
  const is = [
    ...(status === 401 || status === 403 ? ["auth"] : []),
    ...(status === 404 ? ["notFound"] : []),
    ...(status === 429 ? ["throttled"] : []),
    ...(status === 400 || status === 416 ? ["invalidInput"] : []),
    ...(status === 429 || status >= 500 ? ["transient"] : []),
  ];
  const known = [code, `status ${status}`, requestId && `request id ${requestId}`].filter(Boolean).join(", ");
  return localError("service", `${operation}: ${detail} (${known})`, {
    operation, detail, status, is, attempts: 1,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
  });
}
