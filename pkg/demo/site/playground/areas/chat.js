/** Conversations: both dialects, streamed or whole, with reasoning, and with tools. */

import { runTools, tool } from "../../dist/tools/index.js";
import { callCode } from "../calls.js";
import { Speech } from "../draw/speech.js";
import { speech } from "../draw/notes.js";
import { element } from "../dom.js";
import { withFault } from "../faults.js";
import { javascript } from "../print.js";
import { maxTokens, STREAM, TEMPERATURE } from "./generation.js";

/** A deployment means V1, a model V2. The emulator's reason first if named so. */
function target({ dialect, think }, info) {
  const variant = think ? "-think" : "";
  return dialect === "V1" ? { deployment: info.deploymentId + variant } : { model: info.model + variant };
}

function request(values, info) {
  const { system, question, temperature, max_tokens, stream } = values;
  const messages = [{ role: "user", content: question }];
  if (system) messages.unshift({ role: "system", content: system });
  return {
    ...target(values, info),
    messages,
    temperature,
    max_tokens,
    ...(stream ? { stream } : {}),
    // V1 counts by itself, V2 when it is asked to.
    ...(stream && values.dialect === "V2" ? { stream_options: { include_usage: true } } : {}),
  };
}

const call = { method: "chat.completions.create", given: (values, info) => [request(values, info)] };

const DIALECT = {
  name: "dialect",
  kind: "choice",
  label: { en: "Interface", zh: "接口" },
  value: "V1",
  options: {
    V1: { en: "V1: the platform's own, by deployment", zh: "V1：平台自有接口，按部署" },
    V2: { en: "V2: OpenAI-compatible, by model", zh: "V2：兼容 OpenAI，按模型" },
  },
};

const ask = {
  id: "ask",
  title: { en: "Ask", zh: "提问" },
  about: {
    en: "Chunks have one shape in both dialects. Stop closes the connection at once; what has come stays.",
    zh: "两种接口的流式分片结构相同。点击停止会立即断开连接，已收到的内容会保留。",
  },
  fields: [
    DIALECT,
    { name: "system", label: { en: "System", zh: "系统提示" }, value: { en: "Answer briefly.", zh: "请简短回答。" } },
    {
      name: "question",
      kind: "area",
      label: { en: "Question", zh: "问题" },
      value: { en: "Tell me about the Yangtze", zh: "介绍一下长江" },
    },
    TEMPERATURE,
    maxTokens(600),
    STREAM,
    { name: "think", kind: "check", label: { en: "Reasoning", zh: "深度思考" }, value: false },
  ],
  code(values, info, fault) {
    const called = callCode(call, values, info, fault);
    return values.stream
      ? `const stream = await ${called};
for await (const chunk of stream) console.log(chunk.choices[0]?.delta.content ?? "");
const { usage } = await stream.finalMessage();
console.log(usage);`
      : `const answer = await ${called};
console.log(answer.choices[0].message.content);
console.log(answer.usage);`;
  },
  async run(values, { client, info, options, view }) {
    const given = request(values, info);
    if (values.stream) return streamed(await client.chat.completions.create(given, options()), view);
    const answer = await client.chat.completions.create(given, options());
    const { reasoning_content, content } = answer.choices[0].message;
    const said = new Speech(view);
    said.think(reasoning_content);
    said.say(content);
    view.usage(answer.usage);
    view.raw(answer);
  },
};

async function streamed(stream, view) {
  const said = new Speech(view);
  try {
    for await (const { choices, usage } of stream) {
      said.think(choices[0]?.delta.reasoning_content);
      said.say(choices[0]?.delta.content);
      if (usage) view.usage(usage);
    }
  } finally {
    // Whole or not: what has come is put together.
    view.raw(stream.partial());
  }
}

const WEATHER = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
};

const tools = {
  id: "tools",
  title: { en: "Tools", zh: "工具调用" },
  about: {
    en: "The model asks for a function, the page runs it, and the loop goes on until there is an answer.",
    zh: "模型请求调用函数，由页面执行，循环直到得出回答。",
  },
  fields: [
    DIALECT,
    {
      name: "question",
      kind: "area",
      label: { en: "Question", zh: "问题" },
      value: { en: "What is the weather in Guiyang?", zh: "贵阳今天天气怎么样？" },
    },
    {
      name: "weather",
      label: { en: "What the function returns", zh: "函数的返回值" },
      value: { en: "sunny, 24 °C", zh: "晴，24 °C" },
    },
  ],
  imports: 'import { runTools, tool } from "pangulm/tools";\n',
  code(values, info, fault) {
    const messages = [{ role: "user", content: values.question }];
    const given = javascript(
      { ...target(values, info), messages, stream: true },
      { names: new Map([[messages, "messages"]]), after: "const run = runTools(client, " },
    );
    return `const weather = tool({
  name: "get_weather",
  description: "The weather in a city, now",
  parameters: ${javascript(WEATHER, { indent: "  ", after: "parameters: " })},
  run: ({ city }) => ${javascript(`${values.weather}: `)} + city,
});
const messages = ${javascript(messages, { after: "const messages = " })};
const run = runTools(client, ${given}, [weather], ${javascript(withFault(fault, { maxRounds: 5 }))});
for await (const event of run) {
  if (event.type === "call") console.log(event.call.function);
  if (event.type === "chunk") console.log(event.chunk.choices[0]?.delta.content ?? "");
}
console.log(run.rounds, run.usage);`;
  },
  async run(values, { client, info, options, view }) {
    const weather = tool({
      name: "get_weather",
      description: "The weather in a city, now",
      parameters: WEATHER,
      run: ({ city }) => `${values.weather}: ${city}`,
    });
    const messages = [{ role: "user", content: values.question }];
    const run = runTools(client, { ...target(values, info), messages, stream: true }, [weather], options({ maxRounds: 5 }));
    let said = speech();
    for await (const event of run) {
      if (event.type === "chunk") said.append(event.chunk.choices[0]?.delta.content ?? "");
      if (event.type === "call") {
        const { name, arguments: text } = event.call.function;
        view.add(said, element("p", { class: "call" }, element("code", {}, `${name}(${text})`)));
      }
      if (event.type === "result") {
        view.add(element("p", { class: "call returned" }, element("code", {}, event.content)));
        view.add((said = speech()));
      }
    }
    view.usage(run.usage);
    view.raw(run.messages);
  },
};

export const chat = {
  id: "chat",
  title: { en: "Chat", zh: "对话" },
  about: {
    en: "Conversations with a deployed model, in both dialects of the platform.",
    zh: "与已部署的模型对话，支持平台的两种接口。",
  },
  tries: [ask, tools],
};
