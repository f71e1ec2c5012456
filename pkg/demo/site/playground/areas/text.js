/** Texts that are continued. */

import { callCode } from "../calls.js";
import { speech } from "../draw/notes.js";
import { maxTokens, STREAM, TEMPERATURE } from "./generation.js";

const call = {
  method: "text.complete",
  given: ({ prompt, temperature, max_tokens, stream, pool }, info) => [
    {
      deployment: info.deploymentId,
      ...(pool ? { pool: info.poolId } : {}),
      prompt,
      temperature,
      max_tokens,
      ...(stream ? { stream } : {}),
    },
  ],
};

const complete = {
  id: "complete",
  title: { en: "Continue a text", zh: "续写文本" },
  about: {
    en: "One prompt instead of a conversation, whole or piece by piece.",
    zh: "输入一段提示而非对话，可整体返回或流式返回。",
  },
  fields: [
    { name: "prompt", kind: "area", label: { en: "Beginning", zh: "开头" }, value: { en: "The Yangtze is", zh: "长江是" } },
    TEMPERATURE,
    maxTokens(200),
    STREAM,
    { name: "pool", kind: "check", label: { en: "By its resource pool", zh: "经由资源池" }, value: false },
  ],
  code(values, info, fault) {
    const called = callCode(call, values, info, fault);
    return values.stream
      ? `const stream = await ${called};
for await (const chunk of stream) console.log(chunk.choices[0]?.text ?? "");
console.log(await stream.finish());`
      : `const answer = await ${called};
console.log(answer.choices[0].text, answer.usage);`;
  },
  async run(values, { client, info, options, view }) {
    const [request] = call.given(values, info);
    const said = speech();
    view.add(said);
    const answer = await client.text.complete(request, options());
    if (!values.stream) said.append(answer.choices[0].text);
    else for await (const chunk of answer) said.append(chunk.choices[0]?.text ?? "");
    const whole = values.stream ? await answer.finish() : answer;
    view.usage(whole.usage);
    view.raw(whole);
  },
};

export const text = {
  id: "text",
  title: { en: "Text completion", zh: "文本补全" },
  about: { en: "Completing a text, on a deployment or by its resource pool.", zh: "由部署或资源池中的模型补全文本。" },
  tries: [complete],
};
