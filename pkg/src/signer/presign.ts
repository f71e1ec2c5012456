/** Presigned URLs of OBS, the object storage. */

import { importObsSecretKey, sign as mac } from "../keys.js";
import { accepted, check, checkSecret, invalid, list, seconds, type SigningCredentials } from "./options.js";
import { load } from "./wasm.js";

/** Who signs, and what the URL is for. */
export interface PresignOptions extends SigningCredentials {
  /** The bucket. With a custom domain it may be left out. */
  bucket?: string;
  /** The object. Default: none, for what is done to the bucket. */
  key?: string;
  /** The region whose public endpoint is taken, such as `cn-southwest-2`. */
  region?: string;
  /** In its place the service's host without the bucket, or the custom domain; `https` unless it says `http://`. */
  endpoint?: string;
  /**
   * How the bucket is addressed. Default: `virtualHost`, the bucket in front of the endpoint. The
   * other two are signed with the names of AWS, as the official SDKs do.
   */
  addressing?: "virtualHost" | "path" | "customDomain";
  /** Default: `GET`. */
  method?: string;
  /** The life of the URL in seconds, up to 20 years. */
  expiresIn: number;
  /** The query, unencoded; `null` for a name without a value, such as `{ acl: null }`. */
  query?: Record<string, string | number | null>;
  /** The `Content-Type` with which the request will be sent. It is signed: another one is refused. */
  contentType?: string;
  /** Other headers with which it will be sent, such as `content-md5` and `x-obs-meta-*`: signed as well. */
  headers?: Record<string, string>;
  /** The time from which the life is counted. Default: now. */
  date?: Date;
}

const OPTIONS: Record<keyof PresignOptions, string> = {
  accessKeyId: "string",
  secretAccessKey: "string",
  securityToken: "string",
  bucket: "string",
  key: "string",
  region: "string",
  endpoint: "string",
  addressing: "string",
  method: "string",
  expiresIn: "number",
  query: "object",
  contentType: "string",
  headers: "object",
  date: "object",
};

const ADDRESSING: readonly string[] = ["virtualHost", "path", "customDomain"];

/**
 * Makes a URL with which anyone may send one request to OBS until it ends, without a key.
 *
 * ```ts
 * const url = await presign({ region: "cn-southwest-2", bucket: "data", key: "a.jsonl", expiresIn: 600, accessKeyId, secretAccessKey });
 * ```
 *
 * @throws PanguLMError whose `field` names what cannot be signed.
 */
export async function presign(options: PresignOptions): Promise<string> {
  check(options, OPTIONS);
  const { secretAccessKey: secret, securityToken, addressing = "virtualHost", query = {} } = options;
  checkSecret(secret, "SHA-1", "importObsSecretKey");
  if (!ADDRESSING.includes(addressing)) throw invalid("addressing", "is unknown", `there are ${ADDRESSING.join(", ")}`);
  const fields = list([
    ["method", options.method ?? "GET"],
    ["endpoint", endpointOf(options)],
    ["address", addressing],
    ["bucket", options.bucket],
    ["key", options.key],
    ["date", seconds(options.date ?? new Date())],
    ["expiresIn", options.expiresIn],
    ["accessKeyId", options.accessKeyId],
  ]);
  const tokenName = addressing === "virtualHost" ? "x-obs-security-token" : "x-amz-security-token";
  const headers = list([["content-type", options.contentType], ...Object.entries(options.headers ?? {})]);
  const parameters = list([...Object.entries(query), [tokenName, securityToken]]);
  const wasm = await load();
  const prepared = accepted(
    wasm.ask([fields, parameters, headers], (wasm, [a = 0, b = 0, c = 0]) => wasm.presign(a, b, c)),
  );
  const end = prepared.indexOf("\n");
  const key = typeof secret === "string" ? await importObsSecretKey(secret) : secret;
  const signature = new Uint8Array(await mac(key, prepared.slice(end + 1)));
  const base64 = btoa(String.fromCharCode(...signature));
  return `${prepared.slice(0, end)}${base64.replace(/[+=]/g, encodeURIComponent)}`;
}

function endpointOf({ region, endpoint }: PresignOptions): string {
  if ((region === undefined) === (endpoint === undefined)) {
    throw invalid("endpoint", "or region must be given, and not both", "give region for the public endpoint of OBS");
  }
  return endpoint ?? `obs.${region}.myhuaweicloud.com`;
}
