/** Time series: forecasts, classes, anomalies. */

import { whole } from "../calls.js";
import { chart } from "../draw/chart.js";
import { chips, note } from "../draw/notes.js";

/** Three days of hours: a load that rises to noon and falls to midnight. */
const LOAD = Array.from({ length: 72 }, (_, hour) =>
  Math.round(900 - 50 * Math.abs(12 - (hour % 24)) + 40 * Math.sin(hour * 1.7)),
);
/** A pressure that swings, with two blows. */
const PRESSURE = Array.from({ length: 120 }, (_, at) => {
  const swing = 50 + 10 * Math.sin(at / 4);
  return Math.round(at === 47 ? swing + 25 : at === 90 ? swing - 22 : swing);
});

const SERIES = (value) => ({
  name: "values",
  kind: "numbers",
  label: { en: "Series", zh: "序列" },
  hint: { en: "Numbers, separated by commas or lines", zh: "数字，用逗号或换行分隔" },
  value: value.join(", "),
  rows: 5,
});
const LENGTH = {
  name: "length",
  kind: "number",
  label: { en: "Points to forecast", zh: "预测点数" },
  value: 24,
  min: 1,
  max: 1024,
};
const GIVEN = { en: "given", zh: "输入" };
const FORECAST = { en: "forecast", zh: "预测" };
const REBUILT = { en: "as it should be", zh: "重建" };

function drawForecast(view, prediction, values) {
  const lines = [
    { name: GIVEN, class: "first", values },
    { name: FORECAST, class: "second", values: [values.at(-1), ...prediction], from: values.length - 1 },
  ];
  view.add(chart(lines));
}

/** Points that stand out by more than `least`, from 0 to 1. */
function drawAnomalies(view, values, strengths, least, rebuilt) {
  const marks = strengths.map((strength, place) => ({ place, strength })).filter(({ strength }) => strength > least);
  const lines = [{ name: GIVEN, class: "first", values }];
  if (rebuilt) lines.push({ name: REBUILT, class: "second", values: rebuilt });
  view.add(chart(lines, marks), note(`Points that stand out: ${marks.length}`, `异常点：${marks.length} 个`));
}

const forecast = whole({
  id: "forecast",
  title: { en: "Forecast", zh: "预测" },
  about: { en: "Goes on with a series, by a model that was trained on such.", zh: "由训练过的模型续写序列。" },
  fields: [SERIES(LOAD), LENGTH],
  method: "prediction.forecast",
  given: ({ values, length }, info) => [
    {
      deployment: info.deployments.forecastSeries,
      data: [{ context: { load: values } }],
      context_len: values.length,
      prediction_len: length,
    },
  ],
  show: (view, { data: [{ prediction }] }, { values }) => drawForecast(view, prediction.load, values),
});

const zeroShot = whole({
  id: "zero-shot",
  title: { en: "Forecast, untrained", zh: "零样本预测" },
  about: { en: "Goes on with a series that no model was trained on.", zh: "无需训练即可续写序列。" },
  fields: [SERIES(LOAD), LENGTH],
  method: "prediction.forecastZeroShot",
  given: ({ values, length }, info) => [
    {
      deployment: info.deployments.forecastSeriesZeroShot,
      data: [{ load: values }],
      prediction_len: length,
      target_cols: ["load"],
    },
  ],
  show: (view, { data: [{ prediction }] }, { values }) => drawForecast(view, prediction.load, values),
});

const anomalies = whole({
  id: "anomalies",
  title: { en: "Anomalies", zh: "异常检测" },
  about: {
    en: "Finds what does not fit. The model wants at least 100 points: with fewer, nothing is sent.",
    zh: "找出不合规律的点。至少需要 100 个点，否则不会发送请求。",
  },
  fields: [SERIES(PRESSURE)],
  method: "prediction.detectAnomalies",
  given: ({ values }, info) => [{ deployment: info.deployments.detectSeriesAnomalies, data: [{ pressure: values }] }],
  show: (view, { data: [{ pressure }] }, { values }) => drawAnomalies(view, values, pressure.label, 0, pressure.reconstruction),
});

const probable = whole({
  id: "anomalies-v2",
  title: { en: "Anomalies, by probability", zh: "异常概率" },
  about: { en: "How likely each point is an anomaly; two points are enough.", zh: "每个点的异常概率，两个点即可。" },
  fields: [SERIES(PRESSURE)],
  method: "prediction.detectAnomaliesV2",
  given: ({ values }, info) => [
    { deployment: info.deployments.detectSeriesAnomaliesV2, data: [{ pressure: values }], mode: "auto" },
  ],
  show: (view, { data: [{ pressure }] }, { values }) => drawAnomalies(view, values, pressure.anomaly_probability, 0.5),
});

const classify = whole({
  id: "classify",
  title: { en: "Classify", zh: "序列分类" },
  about: { en: "Gives a series its class.", zh: "为序列分类。" },
  fields: [SERIES(LOAD)],
  method: "prediction.classifySeries",
  given: ({ values }, info) => [{ deployment: info.deployments.classifySeries, data: [{ load: values }], context_len: -1 }],
  show: (view, { data }) => view.add(chips(data.map((item) => `class ${item.class}`))),
});

export const series = {
  id: "series",
  title: { en: "Time series", zh: "时间序列" },
  about: { en: "Forecasts, classes and anomalies of series.", zh: "序列的预测、分类与异常检测。" },
  tries: [forecast, zeroShot, anomalies, probable, classify],
};
