/** What a strict program touches of the package's types. */

import Default, { PanguLM, PanguLMError, ready, type ClientOptions } from "pangulm";
import { PanguLM as Inline } from "pangulm/inline";
import { Bucket, type ListEntry, type ObsRequest } from "pangulm/obs";
import { importSecretKey, sign } from "pangulm/signer";
import { PanguLM as Slim } from "pangulm/slim";

const options: ClientOptions = { endpoint: "http://127.0.0.1", apiKey: "key" };
/** One class, whichever way it came. */
export const clients: PanguLM[] = [new Default(options), new Inline(options), new Slim(options)];

export async function chat(client: PanguLM): Promise<string> {
  await ready();
  const stream = await client.chat.completions.create({ messages: [{ role: "user", content: "hello" }], stream: true });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
}

export async function list(bucket: Bucket): Promise<ListEntry[]> {
  const entries: ListEntry[] = [];
  try {
    for await (const entry of bucket.list()) entries.push(entry);
  } catch (error) {
    if (error instanceof PanguLMError && error.isNotFound) return [];
    throw error;
  }
  return entries;
}

export async function first(client: PanguLM, sign: (request: ObsRequest) => string): Promise<string> {
  const bucket: Bucket = client.obs({ sign, timeout: 1_000 }).bucket("pangu-data");
  const [entry] = await list(bucket);
  return entry === undefined ? "" : (await bucket.get(entry.key, { timeout: 500 })).text();
}

export async function headers(): Promise<Record<string, string>> {
  const secretAccessKey = await importSecretKey("secret");
  return sign({ url: "http://127.0.0.1" }, { accessKeyId: "id", secretAccessKey });
}

// @ts-expect-error: options are checked by name.
new PanguLM({ apikey: "key" });
