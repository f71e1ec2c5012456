/** Forecasts of demand. */

import { job, whole } from "../calls.js";
import { bars } from "../draw/bars.js";
import { chips, note, speech } from "../draw/notes.js";

const DEPLOYMENT = (info) => info.deployments.listSupplyItems;

const items = whole({
  id: "items",
  title: { en: "Items", zh: "可预测品类" },
  about: { en: "What forecasts can be asked for.", zh: "可以预测哪些品类。" },
  fields: [],
  method: "supplyChain.items",
  given: () => [],
  settings: (_values, info) => ({ deployment: DEPLOYMENT(info) }),
  show: (view, { items }) => view.add(chips(items)),
});

const weights = whole({
  id: "weights",
  title: { en: "Feature importance", zh: "特征重要性" },
  about: {
    en: "How much each covariate weighs for each item of a level. The emulator knows the level 型号 alone.",
    zh: "某一层级下各协变量的权重。模拟器只支持“型号”层级。",
  },
  fields: [{ name: "level", label: { en: "Level", zh: "层级" }, value: "型号" }],
  method: "supplyChain.featureImportance",
  given: ({ level }, info) => [{ deployment: DEPLOYMENT(info), level }],
  show(view, answer) {
    for (const [item, covariates] of Object.entries(answer)) view.add(note(item, item), bars(Object.entries(covariates), 1));
  },
});

const inference = job({
  id: "inference",
  title: { en: "Forecast", zh: "推理预测" },
  about: { en: "A new forecast from files in OBS, as a job.", zh: "以任务形式，由 OBS 中的文件生成新的预测。" },
  fields: [{ name: "path", label: { en: "Folder in the bucket", zh: "桶内目录" }, value: "sales" }],
  method: "supplyChain.inference",
  given: ({ path }, info) => [{ deployment: DEPLOYMENT(info), obs_path: `obs://${info.obsBucket}/${path}` }],
  show: (view, { info }) => view.add(speech(info)),
});

const predictions = whole({
  id: "predictions",
  title: { en: "Look up", zh: "查询预测" },
  about: {
    en: "Neither the body nor the answer is documented: whatever you give is sent.",
    zh: "请求体与返回结构没有公开文档：内容会原样发送。",
  },
  fields: [{ name: "body", kind: "code", label: { en: "Body", zh: "请求体" }, value: '{\n  "level": "型号"\n}' }],
  method: "supplyChain.predictions",
  given: ({ body }, info) => [{ deployment: DEPLOYMENT(info), ...body }],
});

export const supplyChain = {
  id: "supply-chain",
  title: { en: "Supply chain", zh: "供应链" },
  about: { en: "Forecasts of demand and what they depend on.", zh: "需求预测及其影响因素。" },
  tries: [items, weights, inference, predictions],
};
