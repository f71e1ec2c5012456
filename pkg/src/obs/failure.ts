/** What OBS says when it refuses, and what a failing connection means here. */

import { localError, type PanguLMError } from "../errors.js";
import { neverConnected } from "../failure.js";
import { page, remedies } from "../generated/obs-codes.js";
import { textOf } from "./xml.js";

/** How much of an answer that says nothing of OBS's is shown, in characters. */
const EXCERPT = 160;

/** Which hosts a bucket cannot stand before: this machine and IP addresses. */
export function takesNoBucket(endpoint = ""): boolean {
  return /^(https?:\/\/)?(localhost|\d+(\.\d+){3}|\[[\da-f:.]+\])(:\d+)?\/?$/i.test(endpoint);
}

/** The error of a request without an answer. */
export function unreachable(operation: string, url: URL, error: unknown, attempts: number): PanguLMError {
  const why = reason(error);
  const remedy = hint(url.hostname, error);
  const detail = `no connection to ${url.host}: ${why}`;
  const message = `${operation}: ${detail}${remedy === undefined ? "" : `. ${remedy}`}`;
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
  if (host.endsWith(".myhuaweicloud.com") || takesNoBucket(host)) return [];
  return ["A custom domain needs a certificate that fits its name: bind one to it in OBS's console, or use https://BUCKET.obs.REGION.myhuaweicloud.com"];
}

/** The error of an answer that is no success. `secret` is a token that OBS may show. */
export function refused(operation: string, answer: Response, said: string, attempts: number, secret?: string): PanguLMError {
  const { status, headers } = answer;
  const body = secret ? said.replaceAll(secret, "***") : said;
  const code = textOf(body, "Code");
  const requestId = headers.get("x-obs-request-id") ?? textOf(body, "RequestId") ?? headers.get("x-request-id") ?? undefined;
  const wait = retryAfter(headers);
  const detail = words(status, code, body);
  const remedy = (code !== undefined && remedies[code]) || STATUS_REMEDIES[status];
  const known = [`status ${status}`, code && `code ${code}`, requestId && `request id ${requestId}`].filter(Boolean).join(", ");
  const see = code !== undefined && code in remedies ? `. See ${page}${code}` : "";
  return localError("service", `${operation}: ${detail} (${known})${remedy ? `. ${remedy}` : ""}${see}`, {
    operation, detail, status, attempts,
    is: predicates(status),
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
    ...(wait !== undefined && { retryAfter: wait }),
    ...(remedy && { remedy }),
    ...(body && { body }),
  });
}

/** What it says in its own words, and the text that it signed if that is what differs. */
function words(status: number, code: string | undefined, body: string): string {
  const detail = textOf(body, "Message") ?? `OBS answered with status ${status}`;
  const signed = textOf(body, "StringToSign");
  if (signed !== undefined) return `${detail}; it signed "${signed.replaceAll("\n", "|")}"`;
  const line = body.trim().replace(/\s+/g, " ");
  if (code !== undefined || line === "") return detail;
  return `${detail}: "${line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line}"`;
}

const STATUS_REMEDIES: Record<number, string> = {
  403: "The key's owner may not do this: check the bucket's policy and permissions",
  404: "Check the object's key, or the bucket's name",
  416: "Ask for a range inside the object",
  507: "Delete objects first",
};

function predicates(status: number): string[] {
  return [
    ...(status === 400 || status === 416 ? ["invalidInput"] : []),
    ...(status === 401 || status === 403 ? ["auth"] : []),
    ...(status === 404 ? ["notFound"] : []),
    ...(status === 429 ? ["throttled"] : []),
    ...([408, 429, 500, 502, 503, 504].includes(status) ? ["transient"] : []),
  ];
}

/** The wait that `Retry-After` asks for, in milliseconds; a date counts from the answer's own `Date`. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const wait = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}
