/** Data engineering: where data sets came from, and deleting them. */

import { whole } from "../calls.js";
import { element } from "../dom.js";
import { note } from "../draw/notes.js";

const NONE = { en: "No data set comes from there.", zh: "没有来自该路径的数据集。" };

const lineages = whole({
  id: "lineages",
  title: { en: "Lineages", zh: "数据血缘" },
  about: { en: "From a folder in OBS to the published data set, step by step.", zh: "从 OBS 目录到已发布数据集的每一步。" },
  credential: "accessKey",
  fields: (info) => [
    { name: "path", label: { en: "Folder in OBS", zh: "OBS 目录" }, value: `${info.obsBucket}/rivers` },
    { name: "limit", kind: "number", label: { en: "At most", zh: "最多" }, value: 100, min: 1, max: 1000 },
  ],
  method: "data.lineages",
  given: ({ path }, info) => [info.workspaceId, path],
  settings: ({ limit }) => ({ limit }),
  show(view, steps) {
    if (steps.length === 0) return view.add(element("p", { class: "note", text: NONE }));
    const items = steps.map(({ from_path, from_name, process_type, to_name, to_catalog }) =>
      element(
        "li",
        {},
        element("code", {}, from_path ?? from_name),
        element("span", { class: "arrow" }, `→ ${process_type ?? ""}`),
        element("code", {}, to_name),
        ` ${to_catalog}`,
      ),
    );
    view.add(element("ol", { class: "lineage" }, ...items));
  },
});

const deletion = whole({
  id: "delete",
  title: { en: "Delete for good", zh: "永久删除" },
  about: {
    en: "A data set that is deleted cannot be restored. Start the emulator anew to have it back.",
    zh: "删除后无法恢复。重新启动模拟器即可还原。",
  },
  credential: "accessKey",
  fields: [
    { name: "dataset_name", label: { en: "Data set", zh: "数据集" }, value: "river-questions-final" },
    {
      name: "catalog",
      kind: "choice",
      label: { en: "Catalog", zh: "类别" },
      value: "PUBLISH",
      options: { ORIGINAL: "ORIGINAL", PROCESS: "PROCESS", PUBLISH: "PUBLISH" },
    },
    { name: "delete_obs", kind: "check", label: { en: "Its objects in OBS too", zh: "同时删除 OBS 对象" }, value: false },
  ],
  method: "data.deleteDataset",
  given: ({ dataset_name, catalog, delete_obs }, info) => [info.workspaceId, { dataset_name, catalog, delete_obs }],
  show(view, { result }) {
    view.add(result ? note("It is deleted.", "已删除。") : note("There was no such data set.", "没有这个数据集。"));
  },
});

export const data = {
  id: "data",
  title: { en: "Data engineering", zh: "数据工程" },
  about: {
    en: "Data sets of a workspace. An API key does not serve here: these calls are signed with an access key.",
    zh: "工作空间中的数据集。此处不接受 API Key，请求使用 AK/SK 签名。",
  },
  tries: [lineages, deletion],
};
