/**
 * What a user of each client sees when a stream goes wrong: ours from npm, and openai-node. Prints
 * `client <tab> fault <tab> chunks seen <tab> what happened`. Arguments: the rivals' node_modules,
 * the emulator's address, model and key, the limit in milliseconds, and the faults.
 */

import { importRival, loadOurs } from "./clients.mjs";

const [modules, url, model, apiKey, limit, ...faults] = process.argv.slice(2);
const QUESTION = "Where does the Yangtze rise?";
const HEADER = "x-emulator-fault";
/** Ours counts silence in a stream by it, openai-node the time until a stream begins. */
const TIMEOUT = 2_000;
const messages = [{ role: "user", content: QUESTION }];

const { PanguLM } = await loadOurs();
const { default: OpenAI } = await importRival(modules, "openai");
const ours = new PanguLM({ endpoint: url, model, apiKey, idleTimeout: TIMEOUT });
const openai = new OpenAI({ baseURL: `${url}/api/v2`, apiKey, timeout: TIMEOUT });
const clients = {
  "pangulm (npm)": (headers) => ours.chat.completions.create({ messages, stream: true }, { headers }),
  "openai-node": (headers) => openai.chat.completions.create({ model, messages, stream: true }, { headers }),
};

for (const fault of faults) {
  for (const [name, start] of Object.entries(clients)) {
    const seen = { chunks: 0, strange: undefined };
    const read = async () => {
      for await (const chunk of await start({ [HEADER]: `${fault}; key=${name}/${fault}` })) {
        seen.chunks++;
        if (!Array.isArray(chunk.choices)) seen.strange ??= JSON.stringify(chunk);
      }
      return "normal end";
    };
    const end = await Promise.race([read().catch(inWords), hangs()]);
    const strange = seen.strange === undefined ? "" : `passed on as a chunk: ${seen.strange}; `;
    console.log([name, fault, seen.chunks, `${strange}${end}`.replace(/\s+/g, " ")].join("\t"));
  }
}
// What hangs is left behind.
process.exit(0);

function inWords(error) {
  const name = error.kind ?? error.constructor.name;
  return `error ${name}: ${error.detail ?? error.message}`;
}

function hangs() {
  return new Promise((resolve) => setTimeout(resolve, Number(limit), "hangs"));
}
