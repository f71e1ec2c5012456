/** What a bucket is made with, and what each of its methods takes. */

import type { Logger } from "../log.js";
import type { Middleware } from "../middleware.js";
import { invalid, type SigningCredentials } from "../signer/options.js";

/** What a URL is wanted for. */
export interface ObsRequest {
  /** `GET`, `PUT`, `POST`, `DELETE` or `HEAD`. */
  method: string;
  /** The bucket's name. */
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
   * `path` on this machine and at an IP address.
   */
  addressing?: "virtualHost" | "path" | "customDomain";
  /**
   * A key that signs, or a function that gives one: it is asked before each request, and once more, with the
   * key that was refused, after OBS has refused a temporary one. If it then gives another key, the request is
   * sent again.
   */
  credentials?: SigningCredentials | ((refused?: SigningCredentials) => SigningCredentials | Promise<SigningCredentials>);
  /** In place of a key, a function of yours that has URLs signed elsewhere: the way for pages, which must hold no key. */
  sign?: (request: ObsRequest) => string | Promise<string>;
  /**
   * The time for a whole call in milliseconds, retries included; for an object that is got, until it begins. An
   * upload in parts is a call for each part. Default: 600000.
   */
  timeout?: number;
  /** How long an object that is got may be silent, in milliseconds. Default: 60000. */
  idleTimeout?: number;
  /**
   * How often a request may be sent again, from 0: after a failing connection, status 429 or 5xx, and
   * only if its repetition does no harm. Default: 2.
   */
  maxRetries?: number;
  /**
   * Is told of every attempt, answer, wait, success and failure; see `LogEvent`. The signature is no part of the
   * addresses that it gets.
   */
  logger?: Logger;
  /** Stands around every attempt, the first one outermost; see {@link Middleware}. The address it gets is signed. */
  middleware?: readonly Middleware[];
  /** The `fetch` to use. Default: the global one. */
  fetch?: typeof globalThis.fetch;
}

/** What can be sent. */
export type Content = string | Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** What every method takes. */
export interface SignalOptions {
  /** Ends the request, or the wait before it is sent again. */
  signal?: AbortSignal;
  /** In milliseconds, in place of the bucket's. */
  timeout?: number;
  /** In place of the bucket's. */
  maxRetries?: number;
}

/** @internal The settings of one method among its other options. */
export function settingsOf({ signal, timeout, maxRetries }: SignalOptions): SignalOptions {
  return { ...(signal && { signal }), ...(timeout !== undefined && { timeout }), ...(maxRetries !== undefined && { maxRetries }) };
}

/** @internal Refuses a number that is none, or too small. */
export function checkNumbers(given: Partial<Record<"timeout" | "idleTimeout" | "maxRetries", number>>): void {
  const { timeout = 1, idleTimeout = 1, maxRetries = 0 } = given;
  const check = (field: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least) throw invalid(field, `must be a whole number from ${least}; got ${value}`);
  };
  check("timeout", timeout, 1);
  check("idleTimeout", idleTimeout, 1);
  check("maxRetries", maxRetries, 0);
}
