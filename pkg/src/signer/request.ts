/** Requests signed in their headers, by SDK-HMAC-SHA256. */

import { sign as mac } from "../keys.js";
import { digestOf } from "./hash.js";
import { accepted, check, checkHeaderValue, checkSecret, invalid, seconds, type SigningCredentials } from "./options.js";
import { load, loaded } from "./wasm.js";

/** A request in plain values, for any HTTP client. */
export interface PlainRequest {
  /** Default: `GET`. */
  method?: string;
  /** The whole URL. It is sent as `new URL(url)` writes it, as `fetch` does. */
  url: string | URL;
  /** The headers without `Host`. */
  headers?: Record<string, string>;
  /** The body, exactly as it is sent; text as UTF-8. */
  body?: string | Uint8Array;
}

/** Who signs, and what is signed beside the request. */
export interface SignRequestOptions extends SigningCredentials {
  /** Sent and signed as `X-Project-Id`. */
  projectId?: string;
  /** Sent and signed as `X-Domain-Id`. */
  domainId?: string;
  /** The time of the signature. Default: the request's `X-Sdk-Date`, else now. */
  date?: Date;
}

const DATE = "x-sdk-date";

const OPTIONS: Record<keyof SignRequestOptions, string> = {
  accessKeyId: "string",
  secretAccessKey: "string",
  securityToken: "string",
  projectId: "string",
  domainId: "string",
  date: "object",
};

/**
 * Signs a request in plain values, and returns the headers to send: those that were given, their
 * names in lower case, with those of the signature. For clients other than `fetch`, and where speed
 * counts: in Node a `Request` costs many times as much as a signature.
 *
 * What is signed is what {@link signRequest} signs. A body whose digest, or `UNSIGNED-PAYLOAD`,
 * stands in `X-Sdk-Content-Sha256` is not looked at.
 *
 * @throws PanguLMError whose `field` names what cannot be signed.
 *
 * ```ts
 * const headers = await sign({ method: "POST", url, body }, { accessKeyId, secretAccessKey, projectId });
 * const response = await axios.post(url, body, { headers });
 * ```
 */
export async function sign(request: PlainRequest, options: SignRequestOptions): Promise<Record<string, string>> {
  check(options, OPTIONS);
  const { secretAccessKey: secret } = options;
  checkSecret(secret, "SHA-256", "importSecretKey");
  const headers = headersOf(request, options);
  const { host, pathname, search } = urlOf(request.url);
  let lines = "";
  const line = (field: string, text: string) => {
    // Else one text could be signed in two meanings.
    if (/\n/.test(text)) throw invalid(field, "holds a line break", "remove it");
    lines += `${text}\n`;
  };
  line("method", request.method ?? "GET");
  lines += `${host}\n${pathname}\n${search.slice(1)}\n`;
  line("accessKeyId", options.accessKeyId);
  line("x-sdk-date", headers[DATE]!);
  for (const name in headers) {
    if (name === DATE) continue;
    line(name, name);
    line(name, headers[name]!);
  }
  const body = "x-sdk-content-sha256" in headers ? "" : bodyOf(request);
  const digested = digestOf(body);
  // Waiting for what is there already would take longer than to look.
  const digest = digested instanceof Promise ? await digested : digested;
  const wasm = loaded() ?? (await load());
  const text = typeof secret === "string" ? secret : "";
  const signed = accepted(
    wasm.ask([lines, text, digest ?? body], (wasm, [a = 0, b = 0, c = 0]) => wasm.sign(a, b, c, digest ? 1 : 0)),
  );
  headers["authorization"] = typeof secret === "string" ? signed : await finish(signed, secret);
  return headers;
}

/**
 * Signs a request as `fetch` will send it: its URL is left as it is, its body is read once and sent
 * on, and the request that was given is used up. A body whose digest, or `UNSIGNED-PAYLOAD`, stands
 * in `X-Sdk-Content-Sha256` is not read.
 *
 * Signed are the method, the URL, the body and the headers `host`, `x-sdk-*`, `x-project-id`,
 * `x-domain-id` and `x-security-token`: nothing that a browser or a proxy changes on the way.
 *
 * @throws PanguLMError whose `field` names what cannot be signed.
 *
 * ```ts
 * const secretAccessKey = await importSecretKey(input.value);
 * const signed = await signRequest(new Request(url, { method: "POST", body }), { accessKeyId, secretAccessKey, projectId });
 * const response = await fetch(signed);
 * ```
 */
export async function signRequest(request: Request, options: SignRequestOptions): Promise<Request> {
  const { method, url, headers: given } = request;
  if (request.bodyUsed) throw invalid("body", "was read already", "sign the request before it is used");
  const unread = request.body === null || given.has("x-sdk-content-sha256");
  const body = unread ? undefined : new Uint8Array(await request.arrayBuffer());
  const plain = { method, url, headers: Object.fromEntries(given), ...(body && { body }) };
  const headers = await sign(plain, options);
  return new Request(request, body ? { headers, body } : { headers });
}

/** The request's headers with those that are signed, but for the signature. */
function headersOf(request: PlainRequest, options: SignRequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in request.headers) {
    const value: unknown = request.headers[name];
    if (typeof value !== "string") throw invalid(name, "must be a string");
    headers[name.toLowerCase()] = value;
  }
  const { securityToken, projectId, domainId, date } = options;
  const add = (option: string, name: string, value: string | undefined) => {
    if (value === undefined) return;
    checkHeaderValue(option, value);
    headers[name] = value;
  };
  add("securityToken", "x-security-token", securityToken);
  add("projectId", "x-project-id", projectId);
  add("domainId", "x-domain-id", domainId);
  if (date !== undefined || !(DATE in headers)) headers[DATE] = basic(seconds(date ?? new Date()));
  return headers;
}

function bodyOf({ body = "" }: PlainRequest): string | Uint8Array {
  // Bytes from another window are bytes, too.
  if (typeof body === "string" || Object.prototype.toString.call(body) === "[object Uint8Array]") return body;
  throw invalid("body", "must be a string or a Uint8Array");
}

function urlOf(url: string | URL): URL {
  try {
    return new URL(url);
  } catch {
    throw invalid("url", "is no absolute URL", "give it with its scheme and host");
  }
}

let last = [0, ""] as [number, string];

/** `YYYYMMDDTHHMMSSZ`; the last one is kept, for many signatures are made in one second. */
function basic(time: number): string {
  if (last[0] !== time) last = [time, new Date(time * 1000).toISOString().replace(/[-:]|\.000/g, "")];
  return last[1];
}

/** Adds the signature to what was prepared for it. */
async function finish(prepared: string, key: CryptoKey): Promise<string> {
  const end = prepared.indexOf("\n");
  const signature = new Uint8Array(await mac(key, prepared.slice(end + 1)));
  const digits = Array.from(signature, (byte) => byte.toString(16).padStart(2, "0"));
  return prepared.slice(0, end) + digits.join("");
}
