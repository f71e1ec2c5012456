/**
 * What a call costs in Node. Prints `microseconds of CPU a call <tab> resident megabytes at the
 * end`. Arguments: the rivals' node_modules, the contestant, the server's address, how many calls,
 * and how many at once.
 */

import { importRival, loadOurs } from "./clients.mjs";

const [modules, contestant, url, calls, atOnce] = process.argv.slice(2);
const model = "pangu-nlp-n2";
const messages = [{ role: "user", content: "Where does the Yangtze rise?" }];
const path = "/v1/PROJECT/deployments/DEPLOYMENT/chat/completions";
const textOf = (answer) => answer.choices[0].message.content.length;

const contestants = {
  async fetch() {
    const headers = { "content-type": "application/json" };
    return async () => {
      const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify({ messages }) });
      return textOf(await answer.json());
    };
  },
  async "pangulm (npm), signed"() {
    const { PanguLM } = await loadOurs();
    const secretAccessKey = "an-invented-secret-key-of-40-characters!";
    const credentials = { accessKeyId: "QTWAOYTTINDUT2QVKYUC", secretAccessKey };
    const client = new PanguLM({ endpoint: url, projectId: "PROJECT", deployment: "DEPLOYMENT", credentials });
    return async () => textOf(await client.chat.completions.create({ messages }));
  },
  async "pangulm (npm), API key"() {
    const { PanguLM } = await loadOurs();
    const client = new PanguLM({ endpoint: url, model, apiKey: "a-key" });
    return async () => textOf(await client.chat.completions.create({ messages }));
  },
  async "openai-node"() {
    const { default: OpenAI } = await importRival(modules, "openai");
    const client = new OpenAI({ baseURL: `${url}/api/v2`, apiKey: "a-key" });
    return async () => textOf(await client.chat.completions.create({ model, messages }));
  },
};

const call = await contestants[contestant]();
// Connections are made and code is compiled before the clock starts.
await run(Math.ceil(calls / 10) + Number(atOnce));
const start = process.cpuUsage();
await run(Number(calls));
const { user, system } = process.cpuUsage(start);
console.log([((user + system) / calls).toFixed(2), (process.memoryUsage.rss() / 2 ** 20).toFixed(1)].join("\t"));

async function run(count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) if ((await call()) < 500) throw new Error("an answer is missing");
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, worker));
}
