/** What both kinds of signature take, checked and made ready to cross to the wasm side. */

import { localError, type PanguLMError } from "../errors.js";
import type { SigningKey } from "../host-types.js";
import { isKey } from "../keys.js";

/** A permanent or temporary access key. */
export interface SigningCredentials {
  /** The access key id (AK). */
  accessKeyId: string;
  /**
   * The secret key (SK), or a key that signs and cannot be read: of {@link importSecretKey} for
   * requests, of {@link importObsSecretKey} for URLs.
   */
  secretAccessKey: string | SigningKey;
  /** The token that goes with a temporary key. */
  securityToken?: string;
}

/** @internal An error of a value that the caller gave. */
export function invalid(field: string, problem: string, remedy?: string): PanguLMError {
  const detail = `${field}: ${problem}`;
  const message = remedy === undefined ? detail : `${detail}; ${remedy}`;
  return localError("invalid_input", message, { detail, field, is: ["invalidInput"], ...(remedy && { remedy }) });
}

/** @internal What the wasm side gave, unless it is a refusal: an empty line, the field, and the message, whose end may be a remedy. */
export function accepted(given: string): string {
  if (!given.startsWith("\n")) return given;
  const [, field = "", message = ""] = given.split("\n");
  const [problem = "", remedy] = message.split("; ");
  throw invalid(field, problem, remedy);
}

/** @internal Refuses names that are none and values of another kind: programs in JavaScript have no types. */
export function check(given: object, known: Record<string, string>): void {
  for (const name in given) {
    const value = (given as Record<string, unknown>)[name];
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) throw invalid(name, "is no option", `there are ${Object.keys(known).join(", ")}`);
    const fits = typeof value === kind || (name === "secretAccessKey" && isKey(value));
    if (value !== undefined && (!fits || value === null)) throw invalid(name, `must be a ${kind}`);
  }
}

/** @internal Refuses what cannot sign; `maker` makes keys that can. */
export function checkSecret(secret: string | SigningKey | undefined, hash: "SHA-1" | "SHA-256", maker: string): void {
  const field = "secretAccessKey";
  if (secret === undefined || secret === "") {
    throw invalid(field, "is missing or empty", `give the SK of the key pair, or a key of ${maker}`);
  }
  if (typeof secret === "string") return;
  const { name, hash: own } = secret.algorithm as HmacKeyAlgorithm;
  if (name !== "HMAC" || own.name !== hash || !secret.usages.includes("sign")) {
    throw invalid(field, `is no key that signs by HMAC with ${hash}`, `make it with ${maker}`);
  }
}

/** @internal What is sent in a header: visible ASCII, as the platform's ids and tokens are. */
export function checkHeaderValue(field: string, value: string): void {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw invalid(field, "is empty or holds a space or a character outside ASCII", "give it as issued");
  }
}

/** @internal Seconds since 1970. */
export function seconds(date: Date): number {
  const time = Math.floor(date.getTime() / 1000);
  if (!(time >= 0)) throw invalid("date", "is no time after 1970", "leave it out to sign with the time of now");
  return time;
}

/** @internal A list as it crosses: like a query string, but only what must be encoded is. */
export function list(pairs: Iterable<[string, string | number | null | undefined]>): string {
  let text = "";
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    text += value === null ? `&${escape(name)}` : `&${escape(name)}=${escape(String(value))}`;
  }
  return text;
}

function escape(text: string): string {
  return /[%&=]/.test(text) ? text.replace(/[%&=]/g, encodeURIComponent) : text;
}
