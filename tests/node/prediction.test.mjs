/** What the npm client promises of models that predict. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PanguLM, PanguLMError } from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";

let emulator;
let prediction;
let deployments;

before(async () => {
  emulator = await startEmulator();
  ({ prediction } = new PanguLM({ ...emulator.address, apiKey: emulator.info.apiKey }));
  ({ deployments } = await (await fetch(`${emulator.info.url}/_emulator/info`)).json());
});
after(() => emulator.stop());

const hours = (count) => Array.from({ length: count }, (_, hour) => Math.abs(12 - (hour % 24)));

test("a forecast continues each series by as many points as asked", async () => {
  const { data } = await prediction.forecast({
    data: [{ context: { load: hours(96) } }],
    prediction_len: 24,
    deployment: deployments.forecastSeries,
  });
  assert.deepEqual(data[0].prediction.load, hours(24));
  const zeroShot = await prediction.forecastZeroShot({
    data: [{ load: hours(48), holiday: Array(50).fill(0) }],
    prediction_len: 2,
    known_cov_cols: ["holiday"],
    deployment: deployments.forecastSeriesZeroShot,
  });
  assert.equal(zeroShot.data[0].prediction.load.length, 2);
});

test("every model has its method", async () => {
  const load = hours(120);
  const rows = [{ a: 9 }, { a: 1 }];
  const history = Array.from({ length: 1001 }, (_, number) => ({ a: number % 7, target: number % 2 }));
  const sample = { area: [50, 51, 120], price: [10, 11, 30] };
  const calls = {
    classifySeries: ["classifySeries", { data: [{ load }] }, ({ data }) => data.length === 1],
    detectAnomalies: ["detectSeriesAnomalies", { data: [{ load }] }, ({ data }) => data[0].load.label.length === 120],
    detectAnomaliesZeroShot: ["detectSeriesAnomaliesZeroShot", { data: [{ load }], option: "var" }, ({ data }) => data[0].load],
    detectAnomaliesV2: ["detectSeriesAnomaliesV2", { data: [{ load }], mode: "uni" }, ({ data }) => data[0].load],
    classifyTable: ["classifyTable", { data: rows, predict_proba: true }, ({ result, pred_proba }) => result[0] === "1" && pred_proba[0]["1"] > 0.5],
    classifyTableUnified: ["classifyTableUnified", { data: rows }, ({ results }) => results[0] === "1"],
    regressTable: ["regressTable", { data: rows }, ({ result }) => result[0] === 9],
    regressTableUnified: ["regressTableUnified", { data: rows }, ({ results }) => results[0] === 9],
    detectTableAnomalies: ["detectTableAnomalies", { data: rows }, ({ result }) => result.length === 2],
    predictTable: [
      "predictTable",
      { target: "price", task_type: "regression", sample, data: [{ area: 90 }] },
      ({ results }) => results[0] === 17,
    ],
    featureImportance: ["computeFeatureImportance", { data: history }, ({ feature_importance }) => "a" in feature_importance],
    explain: ["explainPrediction", { trainset_data: rows, rows: [{ a: 5 }] }, ({ shapley_values }) => shapley_values[0].a === 0],
  };
  for (const [method, [operation, request, holds]] of Object.entries(calls)) {
    const answer = await prediction[method]({ ...request, deployment: deployments[operation] });
    assert.ok(holds(answer), `${method}: ${JSON.stringify(answer)}`);
  }
});

test("what a page rules out is refused before anything is sent", async () => {
  const fetch = () => assert.fail("something was sent");
  const never = new PanguLM({ ...emulator.address, apiKey: "k", fetch }).prediction;
  const cases = [
    [never.detectAnomalies({ data: [{ load: hours(99) }] }), /data: item 1: column "load" must have at least 100 values; got 99/],
    [never.forecast({ data: [], context_len: 31 }), /context_len: must be at least 32, or -1 for the service's own; got 31/],
    [never.forecast({ data: [], prediction_len: 129 }), /prediction_len: may be at most 128; got 129/],
    [
      never.forecastZeroShot({ data: [{ a: [1] }, { b: [1] }], prediction_len: 1 }),
      /data: item 2: must have the same columns as the first item/,
    ],
  ];
  for (const [call, expected] of cases) {
    const error = await call.then(() => assert.fail("nothing was thrown"), (thrown) => thrown);
    assert.ok(error instanceof PanguLMError, String(error));
    assert.match(error.message, expected);
  }
});
