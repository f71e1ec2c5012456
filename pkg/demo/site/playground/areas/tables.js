/** Tables: classes, numbers, anomalies, and what they depend on. */

import { whole } from "../calls.js";
import { bars } from "../draw/bars.js";
import { note } from "../draw/notes.js";
import { table } from "../draw/table.js";
import { javascript } from "../print.js";

const CUSTOMERS = [
  { age: 41, visits: 7, spent: 820 },
  { age: 23, visits: 1, spent: 35 },
  { age: 58, visits: 12, spent: 2100 },
  { age: 35, visits: 3, spent: 260 },
];
const SAMPLE = { area: [50, 80, 120, 60], rooms: [2, 3, 4, 2], price: [100, 160, 240, 120] };
const FLATS = [
  { area: 90, rooms: 3 },
  { area: 55, rooms: 1 },
];

const code = (name, label, value, rows = 8) => ({
  name,
  kind: "code",
  label,
  value: `[\n${value.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]`,
  rows,
});
const ROWS = code("data", { en: "Rows", zh: "数据行" }, CUSTOMERS);

/** The rows, each with what was said of it. */
const withColumn = (rows, name, values) => rows.map((row, at) => ({ ...row, [name]: values[at] }));

const classify = whole({
  id: "classify",
  title: { en: "Classify", zh: "分类" },
  about: { en: "Gives each row its class, and how sure the model is.", zh: "为每一行分类，并给出置信度。" },
  fields: [ROWS, { name: "predict_proba", kind: "check", label: { en: "With probabilities", zh: "返回概率" }, value: true }],
  method: "prediction.classifyTable",
  given: ({ data, predict_proba }, info) => [{ deployment: info.deployments.classifyTable, data, predict_proba }],
  show(view, { result, pred_proba }, { data }) {
    const classes = withColumn(data, "class", result);
    view.add(
      table(
        pred_proba
          ? withColumn(
              classes,
              "sure",
              result.map((name, at) => pred_proba[at][name]),
            )
          : classes,
      ),
    );
  },
});

const regress = whole({
  id: "regress",
  title: { en: "Regress", zh: "回归" },
  about: { en: "Predicts a number for each row.", zh: "为每一行预测一个数值。" },
  fields: [ROWS],
  method: "prediction.regressTable",
  given: ({ data }, info) => [{ deployment: info.deployments.regressTable, data }],
  show: (view, { result }, { data }) => view.add(table(withColumn(data, "predicted", result))),
});

const anomalies = whole({
  id: "anomalies",
  title: { en: "Anomalies", zh: "异常检测" },
  about: { en: "Tells anomalous rows (class 1) from the others.", zh: "区分异常行（类别 1）与正常行。" },
  fields: [ROWS],
  method: "prediction.detectTableAnomalies",
  given: ({ data }, info) => [{ deployment: info.deployments.detectTableAnomalies, data, predict_proba: true }],
  show(view, { result, pred_proba }, { data }) {
    view.add(table(withColumn(withColumn(data, "class", result), "probability", pred_proba)));
  },
});

const predict = whole({
  id: "predict",
  title: { en: "Predict, untrained", zh: "零样本预测" },
  about: {
    en: "Learns a column from a sample within the request, and predicts it for further rows.",
    zh: "从请求中的样本学习一列，并为新行预测。",
  },
  fields: [
    { name: "target", label: { en: "Column to predict", zh: "目标列" }, value: "price" },
    {
      name: "sample",
      kind: "code",
      label: { en: "Sample, by columns", zh: "样本（按列）" },
      value: JSON.stringify(SAMPLE, undefined, 1).replace(/\n\s+(?=[\d\]])/g, " "),
      rows: 6,
    },
    code("data", { en: "Rows", zh: "数据行" }, FLATS, 4),
  ],
  method: "prediction.predictTable",
  given: ({ target, sample, data }, info) => [
    { deployment: info.deployments.predictTable, target, task_type: "regression", sample, data },
  ],
  show: (view, { results }, { data, target }) => view.add(table(withColumn(data, target, results))),
});

/** The page asks for more than 1000 rows, so they are made up, here and in the code. */
const LENGTH = { length: 1200 };
const made = (_, at) => {
  const age = 20 + ((at * 7) % 50);
  const visits = (at * 13) % 17;
  return { age, visits, target: visits > 8 ? 1 : 0 };
};
const MANY = Array.from(LENGTH, made);

const importance = whole({
  id: "importance",
  title: { en: "Feature importance", zh: "特征重要性" },
  about: {
    en: "How much a trained model leans on each feature, by shuffling it. The rows are made up: 1200 of age, visits and target.",
    zh: "通过打乱特征衡量模型对其的依赖。数据为自动生成的 1200 行（age、visits、target）。",
  },
  fields: [{ name: "sets", kind: "number", label: { en: "Shuffles", zh: "打乱次数" }, value: 1, min: 1 }],
  before: () => `const rows = Array.from(${javascript(LENGTH)}, ${made});\n`,
  names: () => new Map([[MANY, "rows"]]),
  method: "prediction.featureImportance",
  given: ({ sets }, info) => [
    {
      deployment: info.deployments.computeFeatureImportance,
      data: MANY,
      fi_args: { num_shuffle_sets: sets, sample_num: 1000 },
    },
  ],
  show: (view, answer) => view.add(bars(numbersWithin(answer))),
});

const explain = whole({
  id: "explain",
  title: { en: "Explain", zh: "解释" },
  about: {
    en: "What each feature adds to a prediction (Shapley values). How the rows to explain are named is not documented; the emulator explains those given.",
    zh: "每个特征对预测的贡献（Shapley 值）。待解释行的字段名没有公开文档；模拟器解释给定的行。",
  },
  fields: [ROWS],
  method: "prediction.explain",
  given: ({ data }, info) => [{ deployment: info.deployments.explainPrediction, trainset_data: data }],
  show(view, { shapley_values }) {
    shapley_values.forEach((values, at) => view.add(note(`Row ${at + 1}`, `第 ${at + 1} 行`), bars(Object.entries(values))));
  },
});

/** Names and numbers, wherever the open answer holds them. */
function numbersWithin(value) {
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === "number") return [[name, member]];
    return typeof member === "object" && member !== null ? numbersWithin(member) : [];
  });
}

export const tables = {
  id: "tables",
  title: { en: "Tables", zh: "表格预测" },
  about: { en: "Classes, numbers and anomalies of rows, and what they depend on.", zh: "数据行的分类、回归、异常检测与解释。" },
  tries: [classify, regress, predict, anomalies, importance, explain],
};
