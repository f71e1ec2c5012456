/**
 * What starting costs in Node, in a process that has done nothing yet. Prints `milliseconds of the
 * import <tab> milliseconds from there to the first answer`. Arguments: the rivals' node_modules,
 * the contestant and the server's address.
 */

import { importRival, loadOurs } from "./clients.mjs";

const [modules, contestant, url] = process.argv.slice(2);
const model = "pangu-nlp-n2";
const messages = [{ role: "user", content: "Where does the Yangtze rise?" }];
const body = JSON.stringify({ messages });
const path = "/v1/PROJECT/deployments/DEPLOYMENT/chat/completions";
const headers = { "content-type": "application/json" };
const [accessKeyId, secretAccessKey] = ["QTWAOYTTINDUT2QVKYUC", "an-invented-secret-key-of-40-characters!"];

/** Each: what is imported, and a first call with it. */
const contestants = {
  fetch: [
    async () => undefined,
    async () => (await fetch(url + path, { method: "POST", headers, body })).json(),
  ],
  "pangulm (npm), API key": [
    loadOurs,
    ({ PanguLM }) => new PanguLM({ endpoint: url, model, apiKey: "a-key" }).chat.completions.create({ messages }),
  ],
  "pangulm (npm), signed": [
    loadOurs,
    ({ PanguLM }) => {
      const credentials = { accessKeyId, secretAccessKey };
      const client = new PanguLM({ endpoint: url, projectId: "PROJECT", deployment: "DEPLOYMENT", credentials });
      return client.chat.completions.create({ messages });
    },
  ],
  "openai-node": [
    () => importRival(modules, "openai"),
    ({ default: OpenAI }) => new OpenAI({ baseURL: `${url}/api/v2`, apiKey: "a-key" }).chat.completions.create({ model, messages }),
  ],
  "@anthropic-ai/sdk": [
    () => importRival(modules, "@anthropic-ai/sdk"),
    ({ default: Anthropic }) =>
      new Anthropic({ baseURL: url, apiKey: "a-key" }).messages.create({ model, messages, max_tokens: 100 }),
  ],
  aws4fetch: [
    () => importRival(modules, "aws4fetch"),
    async ({ AwsClient }) => {
      const client = new AwsClient({ accessKeyId, secretAccessKey, service: "pangu", region: "cn-southwest-2" });
      return (await client.fetch(url + path, { method: "POST", headers, body })).json();
    },
  ],
};

const [load, call] = contestants[contestant];
const start = performance.now();
const module = await load();
const imported = performance.now();
const answer = await call(module);
const answered = performance.now();
if (answer.choices[0].message.content.length < 500) throw new Error("an answer is missing");
console.log(`${(imported - start).toFixed(2)}\t${(answered - imported).toFixed(2)}`);
process.exit();
