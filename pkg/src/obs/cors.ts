/** Which pages may call a bucket. */

import { PanguLMError } from "../errors.js";
import { invalid } from "../signer/options.js";
import { contentMd5 } from "./md5.js";
import type { SignalOptions } from "./options.js";
import type { Sender } from "./send.js";
import { elements, escape, textOf, textsOf } from "./xml.js";

/** A rule that lets pages of some origins call a bucket. */
export interface CorsRule {
  /** A name for the rule. */
  id?: string;
  /** Origins, such as `https://page.example`; one `*` stands for anything. */
  origins: string[];
  /** Methods that pages may use: `GET`, `PUT`, `HEAD`, `POST`, `DELETE`. */
  methods: string[];
  /** Headers that pages may send; one `*` stands for anything. */
  headers?: string[];
  /** Headers that pages may read. Uploads in parts need `ETag`, the size of an object of which a range is got `Content-Range`. */
  exposed?: string[];
  /** How long a browser may remember the rule, in seconds. */
  maxAgeSeconds?: number;
}

/** @internal */
export async function getCors(sender: Sender, settings: SignalOptions): Promise<CorsRule[]> {
  try {
    const ask = { operation: "obs.getCors", method: "GET", query: { cors: null }, settings };
    return elements(await sender.send(ask, (answer, turn) => turn.text(answer)), "CORSRule").map(read);
  } catch (error) {
    if (error instanceof PanguLMError && error.code === "NoSuchCORSConfiguration") return [];
    throw error;
  }
}

/** @internal */
export async function setCors(sender: Sender, rules: CorsRule[], settings: SignalOptions): Promise<void> {
  const query = { cors: null };
  if (rules.length === 0) {
    await sender.send({ operation: "obs.deleteCors", method: "DELETE", query, settings }, () => {});
    return;
  }
  if (rules.some(({ origins, methods }) => !origins?.length || !methods?.length)) {
    throw invalid("rules", "must each have origins and methods");
  }
  const body = `<CORSConfiguration>${rules.map(write).join("")}</CORSConfiguration>`;
  const headers = { "content-md5": contentMd5(body) };
  const ask = { operation: "obs.setCors", method: "PUT", query, contentType: "application/xml", signedHeaders: headers, body, settings };
  await sender.send(ask, () => {});
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
