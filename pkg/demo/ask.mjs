/**
 * Streams the answer to one question to the terminal, then says what it used. Ctrl-C stops it.
 *
 *   node pkg/demo/ask.mjs 介绍一下长江
 *
 * It takes everything from the environment: PANGU_ENDPOINT, PANGU_API_KEY, … (README).
 */

import { PanguLM, PanguLMError } from "../dist/node.js";

const question = process.argv.slice(2).join(" ") || "介绍一下长江";
const stopper = new AbortController();
process.once("SIGINT", () => stopper.abort());

try {
  const stream = await new PanguLM().chat.completions.create(
    { messages: [{ role: "user", content: question }], stream: true },
    { signal: stopper.signal },
  );
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
  const { usage } = await stream.finalMessage();
  if (usage) console.log(`\n[${usage.total_tokens} tokens: ${usage.prompt_tokens} asked, ${usage.completion_tokens} answered]`);
  else console.log("\n[the service did not say how many tokens it used]");
} catch (error) {
  if (!(error instanceof PanguLMError)) throw error;
  console.error(error.isCancelled ? "\n[stopped]" : error.message);
  // 130 is what a shell calls a program that Ctrl-C has ended.
  process.exitCode = error.isCancelled ? 130 : 1;
}
