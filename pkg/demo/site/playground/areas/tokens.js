/** Counting tokens before paying for them. */

import { whole } from "../calls.js";
import { chips, note } from "../draw/notes.js";

const count = whole({
  id: "count",
  title: { en: "Count", zh: "计算 token" },
  about: {
    en: "How many tokens texts are, and which. The emulator cuts Chinese into characters; the platform's own cut is finer.",
    zh: "查看文本的 token 数和切分结果。模拟器按字切分中文，与平台的实际切分不同。",
  },
  fields: [
    {
      name: "data",
      kind: "lines",
      label: { en: "Texts, one a line", zh: "文本，每行一条" },
      value: { en: "Hello, tell me about Xi'an.", zh: "你好,请介绍下西安。" },
    },
    { name: "with_prompt", kind: "check", label: { en: "Show the tokens too", zh: "同时返回 token" }, value: true },
  ],
  method: "request",
  given: ({ data, with_prompt }, info) => ["countTokens", { deployment_id: info.deploymentId }, { data, with_prompt }],
  show(view, { token_number, tokens }) {
    view.add(note(`${token_number} tokens`, `共 ${token_number} 个 token`));
    if (tokens) view.add(chips(tokens));
  },
});

export const tokens = {
  id: "tokens",
  title: { en: "Token counting", zh: "token 计算" },
  about: { en: "Know what a request costs before it is sent.", zh: "在发送请求之前了解 token 消耗。" },
  tries: [count],
};
