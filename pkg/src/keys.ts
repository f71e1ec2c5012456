/** Secret access keys as keys of Web Crypto: they sign, and no script can read them. */

import { localError } from "./errors.js";
import type { SigningKey } from "./host-types.js";

/**
 * Makes a key that signs and cannot be read out of a secret access key. It can be kept in
 * IndexedDB, so that a page asks for the secret once and never holds it again.
 *
 * ```ts
 * const secretAccessKey = await importSecretKey(input.value);
 * const client = new PanguLM({ endpoint, credentials: { accessKeyId, secretAccessKey } });
 * ```
 */
export function importSecretKey(secret: string): Promise<SigningKey> {
  return importFor("SHA-256", secret);
}

/** The same for the signatures of OBS, which are made with HMAC-SHA1. */
export function importObsSecretKey(secret: string): Promise<SigningKey> {
  return importFor("SHA-1", secret);
}

async function importFor(hash: string, secret: string): Promise<CryptoKey> {
  // A key can be made of the empty text, too: of a form that was sent too early.
  if (typeof secret !== "string" || secret === "") {
    const detail = "secretAccessKey: is empty or no text";
    const remedy = "give the SK of the key pair";
    throw localError("invalid_input", `${detail}; ${remedy}`, { detail, remedy, field: "secretAccessKey", is: ["invalidInput"] });
  }
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash }, false, ["sign"]);
}

/** @internal The HMAC of a text. */
export async function sign(key: CryptoKey, text: string): Promise<ArrayBuffer> {
  return crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
}

/** @internal Whether a value is such a key, from whichever window it came. */
export function isKey(value: unknown): value is CryptoKey {
  return Object.prototype.toString.call(value) === "[object CryptoKey]";
}
