/** What a search with a model is made of: embedding, ranking, planning. */

import { whole } from "../calls.js";
import { bars } from "../draw/bars.js";
import { chips, note, speech } from "../draw/notes.js";
import { withFault } from "../faults.js";
import { javascript } from "../print.js";

const TYPES = {
  query2doc: { en: "documents", zh: "文档" },
  query2query: { en: "other questions", zh: "其他问题" },
};

/** The cosine of the angle between two vectors: 1 for the same text. */
function likeness(one, other) {
  const product = (left, right) => left.reduce((sum, number, at) => sum + number * right[at], 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other) || 1);
}

const nearest = {
  id: "embed",
  title: { en: "Embedding", zh: "向量化" },
  about: {
    en: "A vector for each text; the longer a bar, the nearer its text is to the question.",
    zh: "为每条文本计算向量；条形越长，与问题越接近。",
  },
  fields: [
    { name: "question", label: { en: "Question", zh: "问题" }, value: { en: "How long is the Yangtze", zh: "长江有多长" } },
    {
      name: "texts",
      kind: "lines",
      label: { en: "Texts, one a line", zh: "文本，每行一条" },
      value: {
        en: "How long is the Yangtze?\nHow long is the Yellow River\nWhat day is today",
        zh: "长江有多长?\n黄河有多长\n今天星期几",
      },
    },
    {
      name: "embeddingType",
      kind: "choice",
      label: { en: "To compare with", zh: "用于比较" },
      value: "query2doc",
      options: TYPES,
    },
  ],
  code({ question, texts, embeddingType }, _info, fault) {
    const options = javascript(withFault(fault, { embeddingType }));
    return `const vector = async (text) => (await client.search.embed(text, ${options})).embedding[0];
const asked = await vector(${javascript(question)});
const product = (one, other) => one.reduce((sum, number, at) => sum + number * other[at], 0);
for (const text of ${javascript(texts)}) {
  const other = await vector(text);
  console.log(text, product(asked, other) / Math.sqrt(product(asked, asked) * product(other, other)));
}`;
  },
  async run({ question, texts, embeddingType }, { client, options, view }) {
    const embed = async (text) => client.search.embed(text, options({ embeddingType }));
    const asked = await embed(question);
    const rows = [];
    for (const text of texts) rows.push([text, likeness(asked.embedding[0], (await embed(text)).embedding[0])]);
    view.add(bars(rows, 1), note(`${asked.embedding[0].length} numbers a vector`, `每个向量 ${asked.embedding[0].length} 维`));
    view.raw(asked);
  },
};

const rerank = whole({
  id: "rerank",
  title: { en: "Ranking", zh: "重排序" },
  about: {
    en: "Its body and its answer are not documented: whatever you give is sent, and the emulator says what arrived.",
    zh: "请求体和返回结构没有公开文档：内容会原样发送，模拟器返回它收到的内容。",
  },
  fields: [{ name: "body", kind: "code", label: { en: "Body", zh: "请求体" }, value: '{\n  "query": "长江有多长"\n}' }],
  method: "search.rerank",
  given: ({ body = {} }) => [body],
  show: (view, { x_received }) =>
    view.add(note("The emulator has received:", "模拟器收到："), speech(JSON.stringify(x_received))),
});

const plan = whole({
  id: "plan",
  title: { en: "Planning", zh: "搜索规划" },
  about: {
    en: "What kind of question it is, in the light of the conversation before it.",
    zh: "结合之前的对话判断问题的类别。",
  },
  fields: [
    { name: "query", label: { en: "Question", zh: "问题" }, value: { en: "How long is it", zh: "它有多长" } },
    {
      name: "history",
      kind: "lines",
      label: { en: "Before it: question and answer in turn", zh: "之前的对话：一问一答" },
      value: { en: "Where is the Yangtze\nIn China.", zh: "长江在哪里\n长江在中国。" },
    },
  ],
  method: "search.plan",
  given: ({ query, history }) => [query, history],
  show: (view, { category }) => view.add(chips([category])),
});

export const search = {
  id: "search",
  title: { en: "Search", zh: "搜索" },
  about: { en: "Embedding, ranking and planning for a search with a model.", zh: "搜索增强所需的向量化、重排序与规划。" },
  tries: [nearest, rerank, plan],
};
