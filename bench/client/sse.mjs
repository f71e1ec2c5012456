/**
 * Tokens a CPU second in Node: the recording decoded and parsed, in memory and over HTTP. Prints
 * `place <tab> client <tab> pieces <tab> tokens a CPU second`. Arguments: the rivals' node_modules
 * and the server's address.
 */

import { importRival, loadOurs } from "./clients.mjs";

const [modules, url] = process.argv.slice(2);
const { PanguLM } = await loadOurs();
const { default: OpenAI } = await importRival(modules, "openai");
const { createParser } = await importRival(modules, "eventsource-parser");

const recording = new Uint8Array(await (await fetch(`${url}/recording`)).arrayBuffer());
const text = new TextDecoder().decode(recording);
const chunks = text.split("\n\n").filter((event) => event.startsWith("data: {"));
const length = chunks.reduce((sum, event) => sum + JSON.parse(event.slice(6)).choices[0].delta.content?.length || sum, 0);
const tokens = chunks.length - 1;

const model = "pangu-nlp-n2";
const messages = [{ role: "user", content: "hi" }];
const cuts = { event: eventPieces(), "16k": equalPieces(16 << 10), "7b": equalPieces(7) };

for (const [name, pieces] of Object.entries(cuts)) {
  const served = () => Promise.resolve(new Response(streamOf(pieces), { headers: { "content-type": "text/event-stream" } }));
  await all("memory in Node", name, `${url}/${name}`, served);
  await all("http in Node", name, `${url}/${name}`, undefined);
}

/** Every client, sending with the given `fetch`. */
async function all(place, pieces, endpoint, given) {
  const fetch = given ?? globalThis.fetch;
  const apiKey = "a-key";
  const ours = new PanguLM({ endpoint, model, apiKey, fetch });
  const openai = new OpenAI({ baseURL: `${endpoint}/api/v2`, apiKey, fetch });
  await report(place, "pangulm (npm)", pieces, async () => {
    let seen = 0;
    for await (const { choices } of await ours.chat.completions.create({ messages, stream: true })) {
      seen += choices[0]?.delta.content?.length ?? 0;
    }
    return seen;
  });
  await report(place, "eventsource-parser", pieces, async () => {
    const response = await fetch(`${endpoint}/api/v2/chat/completions`, { method: "POST", body: "{}" });
    let seen = 0;
    const onEvent = ({ data }) => {
      if (data !== "[DONE]") seen += JSON.parse(data).choices[0]?.delta.content?.length ?? 0;
    };
    const parser = createParser({ onEvent });
    const decoder = new TextDecoder();
    for await (const piece of response.body) parser.feed(decoder.decode(piece, { stream: true }));
    return seen;
  });
  await report(place, "openai-node", pieces, async () => {
    let seen = 0;
    for await (const { choices } of await openai.chat.completions.create({ model, messages, stream: true })) {
      seen += choices[0]?.delta.content?.length ?? 0;
    }
    return seen;
  });
}

async function report(place, client, pieces, work) {
  // Until the compilers are done, for everybody.
  for (let round = 0; round < 3; round++) await work();
  const start = process.cpuUsage();
  const seen = await work();
  const { user, system } = process.cpuUsage(start);
  if (seen !== length) throw new Error(`${client} loses text: ${seen} of ${length}`);
  console.log([place, client, pieces, Math.round((tokens / (user + system)) * 1e6)].join("\t"));
}

function streamOf(pieces) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < pieces.length) controller.enqueue(pieces[at++]);
      else controller.close();
    },
  });
}

function eventPieces() {
  const pieces = [];
  for (let start = 0, end; start < recording.length; start = end) {
    end = recording.indexOf(10, start) + 2;
    pieces.push(recording.subarray(start, end));
  }
  return pieces;
}

function equalPieces(size) {
  const count = Math.ceil(recording.length / size);
  return Array.from({ length: count }, (_, at) => recording.subarray(at * size, (at + 1) * size));
}
