/** Objects in OBS, through `pangulm/obs`. */

import { Bucket } from "../../dist/obs/browser.js";
import { element } from "../dom.js";
import { note, speech } from "../draw/notes.js";
import { table } from "../draw/table.js";
import { javascript } from "../print.js";

const KEY = (value) => ({ name: "key", label: { en: "Key", zh: "对象名" }, value });

const settings = ({ obsUrl, accessKeyId, secretAccessKey }) => ({
  endpoint: obsUrl,
  credentials: { accessKeyId, secretAccessKey },
});

/** What all tries share: the bucket in place of the client, with a `fetch` that tells what it sends. */
const inBucket = (description) => ({
  faults: false,
  imports: 'import { Bucket } from "pangulm/obs";\n\n',
  setup: (info) => `const bucket = new Bucket(${javascript(info.obsBucket)}, ${javascript(settings(info))});`,
  ...description,
  async run(values, { info, signal, view, log }) {
    const fetch = telling(log);
    const bucket = new Bucket(info.obsBucket, { ...settings(info), fetch });
    await description.run(values, { bucket, fetch, signal, view });
  },
});

/** The global `fetch`, in the words of a client's logger. Signatures are not shown. */
function telling(log) {
  return async (address, init) => {
    const url = new URL(address);
    url.search = "";
    log({ event: "attempt", method: init?.method ?? "GET", url: url.href });
    const response = await fetch(address, init);
    log({ event: "answer", status: response.status, requestId: response.headers.get("x-obs-request-id") ?? undefined });
    return response;
  };
}

const list = inBucket({
  id: "list",
  title: { en: "List", zh: "列举" },
  about: { en: "Pages are fetched as the loop goes on.", zh: "随着循环逐页获取。" },
  fields: [
    { name: "prefix", label: { en: "Begins with", zh: "前缀" }, value: "" },
    { name: "folders", kind: "check", label: { en: "Folders as one entry", zh: "按目录合并" }, value: false },
  ],
  code: (values) =>
    `for await (const entry of bucket.list(${javascript(listOptions(values))})) console.log(entry.kind, entry.key, entry.size);`,
  async run(values, { bucket, signal, view }) {
    const entries = [];
    for await (const entry of bucket.list({ ...listOptions(values), signal })) entries.push(entry);
    view.raw(entries);
    view.add(entries.length > 0 ? table(entries, ["key", "size", "etag"]) : note("There is nothing.", "没有对象。"));
  },
});

const listOptions = ({ prefix, folders }) => ({ ...(prefix ? { prefix } : {}), ...(folders ? { delimiter: "/" } : {}) });

const put = inBucket({
  id: "put",
  title: { en: "Put", zh: "上传" },
  about: {
    en: "Puts a text; files and streams of any size go by upload().",
    zh: "上传一段文本；任意大小的文件和流使用 upload()。",
  },
  fields: [
    KEY("train/长江.jsonl"),
    {
      name: "text",
      kind: "area",
      label: { en: "Content", zh: "内容" },
      value: '{"context":"介绍一下长江","target":"长江是中国最长的河流。"}',
    },
    { name: "contentType", label: { en: "Media type", zh: "媒体类型" }, value: "application/jsonl" },
  ],
  code: ({ key, text, contentType }) =>
    `const { etag } = await bucket.put(${javascript(key)}, ${javascript(text)}, ${javascript({ contentType })});\nconsole.log(etag);`,
  async run({ key, text, contentType }, { bucket, signal, view }) {
    const stored = await bucket.put(key, text, { contentType, signal });
    view.raw(stored);
    view.add(note(`Stored as ${key}.`, `已保存为 ${key}。`), element("code", {}, stored.etag ?? ""));
  },
});

const get = inBucket({
  id: "get",
  title: { en: "Get", zh: "下载" },
  about: { en: "The whole of an object, or a part of it.", zh: "下载整个对象或其中一部分。" },
  fields: [
    KEY("rivers/questions.jsonl"),
    { name: "start", kind: "number", label: { en: "From byte", zh: "起始字节" }, min: 0 },
    { name: "end", kind: "number", label: { en: "To byte", zh: "结束字节" }, min: 0 },
  ],
  code: ({ key, start, end }) => {
    const range = javascript({ start, end });
    return `const object = await bucket.get(${javascript(key)}${range === "{}" ? "" : `, ${range}`});
console.log(object.info.contentType, object.info.size);
console.log(await object.text());`;
  },
  async run({ key, start, end }, { bucket, signal, view }) {
    const given = Object.fromEntries(Object.entries({ start, end }).filter(([, place]) => place !== undefined));
    const object = await bucket.get(key, { ...given, signal });
    view.raw(object.info);
    view.add(speech(await object.text()));
  },
});

const share = inBucket({
  id: "share",
  title: { en: "Share", zh: "分享" },
  about: {
    en: "An address by which anybody may read an object for a time, without a key.",
    zh: "生成限时链接，无需密钥即可读取对象。",
  },
  fields: [
    KEY("rivers/questions.jsonl"),
    { name: "seconds", kind: "number", label: { en: "Seconds", zh: "有效期（秒）" }, value: 600, min: 1 },
  ],
  code: ({ key, seconds }) => `const url = await bucket.presign(${javascript(key)}, ${seconds});
console.log(url, await (await fetch(url)).text());`,
  async run({ key, seconds }, { bucket, fetch, view }) {
    const url = await bucket.presign(key, seconds);
    view.raw(url);
    view.add(element("p", {}, element("a", { href: url, target: "_blank", rel: "noopener" }, url)));
    view.add(speech(await (await fetch(url)).text()));
  },
});

const remove = inBucket({
  id: "delete",
  title: { en: "Delete", zh: "删除" },
  about: { en: "Deletes an object; one that is not there is no error.", zh: "删除对象；对象不存在时不报错。" },
  fields: [KEY("train/长江.jsonl")],
  code: ({ key }) => `await bucket.delete(${javascript(key)});\nconsole.log("deleted");`,
  async run({ key }, { bucket, signal, view }) {
    await bucket.delete(key, { signal });
    view.add(note(`${key} is not there any more.`, `${key} 已不存在。`));
  },
});

export const obs = {
  id: "obs",
  title: { en: "OBS", zh: "OBS 对象存储" },
  about: {
    en: "Where jobs read their input and leave their results. On the platform, a bucket needs a CORS rule for the page.",
    zh: "任务的输入与结果所在。在平台上，桶需要为网页配置 CORS 规则。",
  },
  tries: [list, put, get, share, remove],
};
