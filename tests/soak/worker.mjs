/**
 * The JavaScript workers of `cargo xtask soak`: what src/main.rs is in Rust. They take calls from
 * stdin, one line of JSON each, make them with the built package, and write what came of each.
 */

import { writeSync } from "node:fs";

import { PanguLM } from "../../pkg/dist/node.js";

const lines = linesOf(process.stdin);
const { emulator, workers, idleTimeout } = JSON.parse((await lines.next()).value);
const clients = makeClients(emulator, idleTimeout);
await Promise.all(Array.from({ length: workers }, work));

async function work() {
  for (;;) {
    const { done, value } = await lines.next();
    if (done) return;
    const call = JSON.parse(value);
    const outcome = { key: call.key, text: "" };
    try {
      await make(call, outcome);
    } catch (error) {
      // Anything but an error of the package is told as it is, and judged to be none with a name.
      outcome.error = { kind: String(error?.kind), message: String(error?.message ?? error) };
    }
    write(`${JSON.stringify(outcome)}\n`);
  }
}

async function make({ client: name, kind, question, fault, timeout }, outcome) {
  const client = clients[name];
  const options = { headers: { "x-emulator-fault": fault }, ...(timeout ? { timeout } : {}) };
  const messages = [{ role: "user", content: question }];
  if (kind === "count") {
    const body = { data: [question], with_prompt: true };
    outcome.text = String((await client.request("countTokens", {}, body, options)).token_number);
    return;
  }
  if (kind === "whole") {
    const [choice] = (await client.chat.completions.create({ messages }, options)).choices;
    outcome.text = choice.message.content;
    outcome.finish = choice.finish_reason;
    return;
  }
  const stream = await client.chat.completions.create({ messages, stream: true }, options);
  for await (const { choices } of stream) {
    outcome.text += choices[0]?.delta.content ?? "";
    outcome.finish = choices[0]?.finish_reason ?? outcome.finish;
  }
}

/** A client for each credential, shared by all workers. */
function makeClients({ url, iamUrl, projectId, deploymentId, model, apiKey, ...keys }, idleTimeout) {
  const shared = { endpoint: url, iamEndpoint: iamUrl, projectId, idleTimeout };
  const { domain, user, password } = keys.iam;
  const { accessKeyId, secretAccessKey } = keys;
  return {
    password: new PanguLM({ ...shared, deployment: deploymentId, credentials: { domain, user, password } }),
    apiKey: new PanguLM({ ...shared, model, apiKey }),
    accessKey: new PanguLM({ ...shared, deployment: deploymentId, credentials: { accessKeyId, secretAccessKey } }),
  };
}

/** The lines of a stream, read no faster than they are taken. */
async function* linesOf(stream) {
  let rest = "";
  for await (const piece of stream.setEncoding("utf8")) {
    const whole = (rest + piece).split("\n");
    rest = whole.pop();
    yield* whole;
  }
}

/** Writes at once: what is not written when the process ends would be lost. */
function write(text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}
