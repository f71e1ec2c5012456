/** What OBS says when it refuses, and what a failing connection means here. */

import { localError, type PanguLMError } from "../errors.js";
import { neverConnected } from "../failure.js";
import { textOf } from "./xml.js";

/** Which hosts a bucket cannot stand before. */
export function isLoopback(endpoint = ""): boolean {
  return /^(https?:\/\/)?(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/i.test(endpoint);
}

/** The error of a request without an answer. */
export function unreachable(operation: string, url: URL, error: unknown, attempts: number): PanguLMError {
  const why = reason(error);
  const remedy = hint(url.hostname, error);
  const detail = `no connection to ${url.host}: ${why}`;
  const message = remedy === undefined ? detail : `${detail}. ${remedy}`;
  return localError("connect", message, { operation, detail, attempts, is: ["connect", "transient"], ...(remedy && { remedy }) }, error);
}

/** Whether a connection failed for the server's certificate. */
export function ofCertificate(error: unknown): boolean {
  // A name that is not found is part of its message, and may hold this word.
  return !neverConnected(error) && /certificate|altname|CERT_|_CERT/.test(reason(error));
}

/** Why fetch failed: Node hides it behind an error that says nothing. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** What to do. Node names the certificate; a browser hides why a request failed, so all that it may be is told. */
function hint(host: string, error: unknown): string | undefined {
  const hidden = typeof window !== "undefined";
  const hints = [
    ...(hidden ? ["Check that a CORS rule of the bucket allows this page's origin, method and headers"] : []),
    ...(hidden || ofCertificate(error) ? certificateHint(host) : []),
  ];
  return hints.length === 0 ? undefined : hints.join(". ");
}

function certificateHint(host: string): string[] {
  const bucket = host.split(".obs.")[0] ?? "";
  if (host.includes(".obs.") && bucket.includes(".")) {
    return ["OBS's certificate covers no bucket with a dot in its name: use a bucket without dots"];
  }
  if (host.endsWith(".myhuaweicloud.com") || isLoopback(host)) return [];
  return ["A custom domain needs a certificate that fits its name: bind one to it in OBS's console, or use https://BUCKET.obs.REGION.myhuaweicloud.com"];
}

/** The error of an answer that is no success. */
export function refused(operation: string, { status, headers }: Response, body: string, attempts: number): PanguLMError {
  const wait = retryAfter(headers);
  const code = textOf(body, "Code");
  const requestId = headers.get("x-obs-request-id") ?? textOf(body, "RequestId");
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
    operation, detail, status, is, attempts,
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(wait !== undefined && { retryAfter: wait }),
  });
}

/** The wait that `Retry-After` asks for, in milliseconds; a date counts from the answer's own `Date`. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const wait = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}
