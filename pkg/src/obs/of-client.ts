/** The object storage of a client: its settings, its credentials, its middleware. */

import type { PanguLM } from "../client.js";
import type { ClientOptions } from "../options.js";
import { invalid } from "../signer/options.js";
import { Bucket } from "./bucket.js";
import { takesNoBucket } from "./failure.js";
import { keysOf } from "./keys.js";
import type { BucketOptions } from "./options.js";
import { Common } from "./send.js";

/** The object storage; from {@link PanguLM.obs}. */
export interface Obs {
  /** A bucket by its name. Whether it is there shows with the first request. */
  bucket(name: string): Bucket;
  /**
   * A bucket by the custom domain that is bound to it, such as `https://data.example.com`. The domain needs a
   * certificate of its own: without one, requests fail with an error that says so.
   */
  customDomain(address: string): Bucket;
}

/** What may be different from the client's own settings. */
export type ObsOptions = Omit<BucketOptions, "addressing" | "fetch" | "logger" | "middleware"> & {
  /** How buckets are addressed by their names. */
  addressing?: "virtualHost" | "path";
};

/** The settings that concern OBS, by the variables of the environment that give them. */
const VARIABLES = {
  region: "PANGU_REGION",
  obsEndpoint: "PANGU_OBS_ENDPOINT",
  accessKeyId: "HUAWEICLOUD_SDK_AK",
  secretAccessKey: "HUAWEICLOUD_SDK_SK",
  securityToken: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
  token: "PANGU_TOKEN",
  allowPlainHttp: "PANGU_ALLOW_PLAIN_HTTP",
} as const;

/** What the object storages of a client have in common. */
const commons = new WeakMap<PanguLM, { common: Common; keys: ReturnType<typeof keysOf> }>();

/** @internal `given`: the client's options, or its environment's names and values in turn. */
export function obsOf(client: PanguLM, given: ClientOptions | string[], own: ObsOptions = {}): Obs {
  const options = Array.isArray(given) ? fromEnvironment(given) : given;
  const { region = "cn-southwest-2", obsEndpoint, allowPlainHttp = false } = options;
  const { common, keys } = commons.get(client) ?? { common: new Common(), keys: keysOf(client, options) };
  commons.set(client, { common, keys });
  const owner = { common, home: () => client._ready() };
  const { maxAnswerBytes = 64 << 20, timeout, idleTimeout, maxRetries, fetch, logger, middleware } = options;
  const usual: BucketOptions = {
    ...(own.sign === undefined && { credentials: keys }),
    ...(timeout !== undefined && { timeout }),
    ...(idleTimeout !== undefined && { idleTimeout }),
    ...(maxRetries !== undefined && { maxRetries }),
    ...(fetch && { fetch }),
    ...(logger && { logger }),
    ...(middleware && { middleware }),
    ...own,
  };
  const usualPlace = obsEndpoint === undefined ? { region } : { endpoint: obsEndpoint };
  const place = own.region === undefined && own.endpoint === undefined ? usualPlace : {};
  return {
    bucket(name) {
      const all = { ...usual, ...place };
      checkAddress("obsEndpoint", all.endpoint, allowPlainHttp);
      return new Bucket(name, all, owner, maxAnswerBytes);
    },
    customDomain(address) {
      checkAddress("custom domain", address, allowPlainHttp);
      const { region: _, ...all } = usual;
      return new Bucket(address, { ...all, endpoint: address, addressing: "customDomain" }, owner, maxAnswerBytes);
    },
  };
}

function fromEnvironment(pairs: string[]): ClientOptions {
  const found = new Map<string, string>();
  for (let at = 0; at < pairs.length; at += 2) found.set(pairs[at] as string, (pairs[at + 1] as string).trim());
  const text = (name: keyof typeof VARIABLES) => {
    const value = found.get(VARIABLES[name]);
    return value ? { [name]: value } : {};
  };
  const credentials = { ...text("accessKeyId"), ...text("secretAccessKey"), ...text("securityToken"), ...text("token") };
  return {
    ...text("region"),
    ...text("obsEndpoint"),
    ...("allowPlainHttp" in text("allowPlainHttp") && { allowPlainHttp: true }),
    credentials,
  };
}

/** Refuses what would show objects to everyone on the way, and what is no address of a service. */
function checkAddress(field: string, address: string | undefined, allowPlainHttp: boolean): void {
  if (address === undefined) return;
  const url = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  if (!/^https?:\/\/[^/?#]+\/?$/i.test(url)) {
    throw invalid(field, "must have no path: the bucket and the object are given apart");
  }
  const here = takesNoBucket(address) && /^http:\/\/(localhost|127\.|\[::1\])/i.test(url);
  if (/^http:/i.test(url) && !here && !allowPlainHttp) {
    throw invalid(field, "must begin with https://, for plain http shows objects to everyone on the way", "set allowPlainHttp on a network you trust");
  }
}
