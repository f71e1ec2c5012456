/** Secret access keys as keys of Web Crypto: they sign, and no script can read them. */

const HMAC = { name: "HMAC", hash: "SHA-256" };

/**
 * Makes a key that signs and cannot be read out of a secret access key. It can be kept in
 * IndexedDB, so that a page asks for the secret once and never holds it again.
 *
 * ```ts
 * const secretAccessKey = await importSecretKey(input.value);
 * const client = new PanguLM({ endpoint, credentials: { accessKeyId, secretAccessKey } });
 * ```
 */
export function importSecretKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), HMAC, false, ["sign"]);
}

/** HMAC-SHA256 of a text. */
export async function sign(key: CryptoKey, text: string): Promise<ArrayBuffer> {
  return crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
}

/** Whether a value is such a key, from whichever window it came. */
export function isKey(value: unknown): value is CryptoKey {
  return Object.prototype.toString.call(value) === "[object CryptoKey]";
}
