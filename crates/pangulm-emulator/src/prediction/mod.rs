//! Models that predict. What they say depends on the request alone: series go on as they went, rows
//! are judged by their numbers, anomalies are what lies far from its neighbours.
//!
//! The answers of the trained forecast and of classification by fusion and recommendation have the
//! documented form. All others are made up, as far as their tables could not be read (facts: models 4).

mod forecasts;
mod numbers;
mod series;
mod tables;
mod zero_shot_table;

use serde_json::{Value, json};

use crate::routes::Route;
use crate::service::{PATH, model};

pub(crate) static ROUTES: &[Route] = &[
    model!(
        "classifySeries",
        PATH,
        "emulated-series-classification",
        series::classify
    ),
    model!(
        "forecastSeriesZeroShot",
        PATH,
        "emulated-series-zero-shot-forecast",
        forecasts::zero_shot
    ),
    model!(
        "forecastSeries",
        PATH,
        "emulated-series-forecast",
        forecasts::trained
    ),
    model!(
        "detectSeriesAnomaliesZeroShot",
        PATH,
        "emulated-series-zero-shot-anomalies",
        series::anomalies_zero_shot
    ),
    model!(
        "detectSeriesAnomalies",
        PATH,
        "emulated-series-anomalies",
        series::anomalies
    ),
    model!(
        "detectSeriesAnomaliesV2",
        PATH,
        "emulated-series-anomalies-v2",
        series::anomalies_v2
    ),
    model!(
        "classifyTable",
        PATH,
        "emulated-table-classification",
        tables::classify
    ),
    model!(
        "classifyTableUnified",
        PATH,
        "emulated-table-classification-unified",
        tables::classify_unified
    ),
    model!(
        "regressTable",
        PATH,
        "emulated-table-regression",
        tables::regress
    ),
    model!(
        "regressTableUnified",
        PATH,
        "emulated-table-regression-unified",
        tables::regress_unified
    ),
    model!(
        "detectTableAnomalies",
        PATH,
        "emulated-table-anomalies",
        tables::anomalies
    ),
    model!(
        "predictTable",
        PATH,
        "emulated-table-zero-shot",
        zero_shot_table::predict
    ),
    model!(
        "computeFeatureImportance",
        "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/perm-feat-importance",
        "emulated-table-classification",
        tables::feature_importance
    ),
    model!(
        "explainPrediction",
        "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/shapley-value",
        "emulated-table-classification-unified",
        tables::explain
    ),
];

/// The members are documented; the emulator measures no time.
fn time_cost() -> Value {
    json!({
        "preprocess_cost_time": "0 ms",
        "infer_cost_time": "0 ms",
        "postprocess_cost_time": "0 ms",
        "service_cost_total_time": "0 ms",
    })
}

/// The objects of the list `data`.
fn items(body: &Value) -> impl Iterator<Item = &serde_json::Map<String, Value>> {
    let data = body.get("data").and_then(Value::as_array);
    data.into_iter().flatten().filter_map(Value::as_object)
}

fn flag(body: &Value, name: &str) -> bool {
    body.get(name).and_then(Value::as_bool).unwrap_or_default()
}
