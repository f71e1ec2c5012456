/** Which pages may call a bucket. */

import { PanguLMError } from "../errors.js";
import { invalid } from "../signer/options.js";
import { contentMd5 } from "./md5.js";
import type { Sender, SignalOptions } from "./send.js";
import { elements, escape, textOf, textsOf } from "./xml.js";

/** A rule that lets pages of some origins call a bucket. */
export interface CorsRule {
  id?: string;
  /** Origins, such as `https://page.example`; one `*` stands for anything. */
  origins: string[];
  methods: string[];
  /** Headers that pages may send; one `*` stands for anything. */
  headers?: string[];
  /** Headers that pages may read. Uploads in parts need `ETag`, the size of an object of which a range is got `Content-Range`. */
  exposed?: string[];
  /** How long a browser may remember the rule, in seconds. */
  maxAgeSeconds?: number;
}

export async function getCors(sender: Sender, options: SignalOptions): Promise<CorsRule[]> {
  try {
    const answer = await sender.send({ operation: "obs.getCors", method: "GET", query: { cors: null }, ...options });
    return elements(await answer.text(), "CORSRule").map(read);
  } catch (error) {
    if (error instanceof PanguLMError && error.code === "NoSuchCORSConfiguration") return [];
    throw error;
  }
}

export async function setCors(sender: Sender, rules: CorsRule[], options: SignalOptions): Promise<void> {
  const query = { cors: null };
  if (rules.length === 0) {
    await sender.send({ operation: "obs.deleteCors", method: "DELETE", query, ...options });
    return;
  }
  if (rules.some(({ origins, methods }) => !origins?.length || !methods?.length)) {
    throw invalid("rules", "must each have origins and methods");
  }
  const body = `<CORSConfiguration>${rules.map(write).join("")}</CORSConfiguration>`;
  const headers = { "content-md5": contentMd5(body) };
  await sender.send({ operation: "obs.setCors", method: "PUT", query, contentType: "application/xml", signedHeaders: headers, body, ...options });
}

function write({ id, origins, methods, headers = [], exposed = [], maxAgeSeconds }: CorsRule): string {
  const all = (name: string, values: (string | number)[]) => values.map((value) => `<${name}>${escape(String(value))}</${name}>`).join("");
  const age = maxAgeSeconds === undefined ? [] : [maxAgeSeconds];
  return `<CORSRule>${all("ID", id === undefined ? [] : [id])}${all("AllowedMethod", methods)}${all("AllowedOrigin", origins)}${all("AllowedHeader", headers)}${all("MaxAgeSeconds", age)}${all("ExposeHeader", exposed)}</CORSRule>`;
}

function read(xml: string): CorsRule {
  const [id, age] = [textOf(xml, "ID"), textOf(xml, "MaxAgeSeconds")];
  return {
    ...(id !== undefined && { id }),
    origins: textsOf(xml, "AllowedOrigin"),
    methods: textsOf(xml, "AllowedMethod"),
    headers: textsOf(xml, "AllowedHeader"),
    exposed: textsOf(xml, "ExposeHeader"),
    ...(age !== undefined && { maxAgeSeconds: Number(age) }),
  };
}
