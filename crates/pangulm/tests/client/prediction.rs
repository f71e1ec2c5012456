//! Models that predict, by way of the client.

use crate::support::*;
use pangulm::Client;
use pangulm::prediction::{
    AnomalyMode, AnomalyScoring, ClassifySeriesRequest, ClassifyTableRequest, Columns,
    DetectAnomaliesRequest, DetectAnomaliesV2Request, DetectAnomaliesZeroShotRequest,
    DetectTableAnomaliesRequest, ExplainRequest, FeatureImportanceRequest, ForecastRequest,
    ForecastZeroShotRequest, PredictTableRequest, Prediction, TableTask, rows,
};
use pangulm_emulator::Running;
use serde_json::json;

async fn prediction(client: &Client, running: &Running, operation: &str) -> Prediction {
    client
        .prediction()
        .deployment(deployment(running, operation).await)
}

fn hours(count: u32) -> Columns {
    Columns::new().column("load", (0..count).map(|hour| (hour % 24).abs_diff(12)))
}

#[tokio::test]
async fn a_forecast_continues_each_column_by_as_many_points_as_asked() {
    let running = start();
    let client = with_key(&running);
    let trained = prediction(&client, &running, "forecastSeries").await;
    let request = ForecastRequest::new([hours(96), hours(72)])
        .context_len(72)
        .prediction_len(24);
    let forecast = trained.forecast(request).await.unwrap();
    assert_eq!(forecast.data.len(), 2);
    for item in &forecast.data {
        let expected: Vec<f64> = (0..24).map(|hour: u32| hour.abs_diff(12).into()).collect();
        assert_eq!(item.prediction["load"], expected);
    }
    assert!(forecast.time_cost.is_some());
    assert_eq!(trained.forecast(hours(48)).await.unwrap().data.len(), 1);

    let zero_shot = prediction(&client, &running, "forecastSeriesZeroShot").await;
    let series = hours(48).column("holiday", vec![0; 50]);
    let request = ForecastZeroShotRequest::new([series], 2).known_cov_cols(["holiday"]);
    let forecast = zero_shot.forecast_zero_shot(request).await.unwrap();
    let predicted = &forecast["data"][0]["prediction"];
    assert_eq!(predicted["load"].as_array().unwrap().len(), 2);
    assert!(predicted.get("holiday").is_none());
}

#[tokio::test]
async fn series_are_classified_and_looked_through() {
    let running = start();
    let client = with_key(&running);
    let model = prediction(&client, &running, "classifySeries").await;
    let request = ClassifySeriesRequest::new([hours(48)])
        .context_len(32)
        .auto_fill(true);
    assert_eq!(model.classify_series(request).await.unwrap().data.len(), 1);
    let model = prediction(&client, &running, "detectSeriesAnomalies").await;
    let request = DetectAnomaliesRequest::new([hours(100)])
        .get_details(true)
        .threshold("load", 3.0);
    let seen = model.detect_anomalies(request).await.unwrap();
    assert!(seen.extra["data"][0]["load"]["anomaly_score"].is_array());
    let model = prediction(&client, &running, "detectSeriesAnomaliesZeroShot").await;
    let request = DetectAnomaliesZeroShotRequest::new([hours(100)]).option(AnomalyScoring::Var);
    let seen = model.detect_anomalies_zero_shot(request).await.unwrap();
    assert!(seen["data"][0]["load"]["reconstruction"].is_array());
    let model = prediction(&client, &running, "detectSeriesAnomaliesV2").await;
    let request = DetectAnomaliesV2Request::new([hours(9)])
        .mode(AnomalyMode::Uni)
        .use_scaler(false)
        .batch_size(8);
    let seen = model.detect_anomalies_v2(request).await.unwrap();
    assert_eq!(
        seen["data"][0]["load"]["anomaly_probability"]
            .as_array()
            .unwrap()
            .len(),
        9
    );
}

#[tokio::test]
async fn rows_are_classified_and_weighed_in_both_families() {
    let running = start();
    let client = with_key(&running);
    let table = rows([json!({"a": 9}), json!({"a": 1}), json!({"a": 2})]).unwrap();
    let model = prediction(&client, &running, "classifyTable").await;
    let request = ClassifyTableRequest::new(table.clone()).predict_proba(true);
    let answer = model.classify_table(request).await.unwrap();
    assert_eq!(answer.result, ["1", "0", "0"]);
    assert!(answer.pred_proba.unwrap()[0]["1"] > 0.5);
    let model = prediction(&client, &running, "classifyTableUnified").await;
    let answer = model.classify_table_unified(table.clone()).await.unwrap();
    assert_eq!(answer.results, ["1", "0", "0"]);
    let model = prediction(&client, &running, "regressTable").await;
    let answer = model.regress_table(table.clone()).await.unwrap();
    assert_eq!(answer.result.unwrap(), json!([9.0, 1.0, 2.0]));
    let model = prediction(&client, &running, "regressTableUnified").await;
    let answer = model.regress_table_unified(table.clone()).await.unwrap();
    assert_eq!(answer.results, [9.0, 1.0, 2.0]);
    let model = prediction(&client, &running, "detectTableAnomalies").await;
    let request = DetectTableAnomaliesRequest::new(table).predict_proba(true);
    let answer = model.detect_table_anomalies(request).await.unwrap();
    assert_eq!(answer.result.unwrap().as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_table_is_predicted_from_a_sample_and_explained() {
    let running = start();
    let client = with_key(&running);
    let sample = Columns::new()
        .column("area", [50, 52, 54, 120, 122, 124])
        .column("price", [10, 11, 12, 30, 31, 32]);
    let flats = rows([json!({"area": 121})]).unwrap();
    let request = PredictTableRequest::new("price", TableTask::Regression, sample, flats);
    let model = prediction(&client, &running, "predictTable").await;
    assert_eq!(model.predict_table(request).await.unwrap().results, [31.0]);

    let history = rows((0..1_001).map(|it| json!({"a": it % 7, "target": it % 2}))).unwrap();
    let model = prediction(&client, &running, "computeFeatureImportance").await;
    let request = FeatureImportanceRequest::new(history)
        .num_shuffle_sets(1)
        .sample_num(1_000);
    let weighed = model.feature_importance(request).await.unwrap();
    assert!(weighed["feature_importance"]["a"].is_number());

    let reference = rows((20..60).map(|age| json!({"age": age}))).unwrap();
    let model = prediction(&client, &running, "explainPrediction").await;
    let request = ExplainRequest::new(reference).extra("rows", json!([{"age": 50}]));
    let explained = model.explain(request).await.unwrap();
    assert!(explained["shapley_values"][0]["age"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn what_a_page_rules_out_is_refused_before_anything_is_sent() {
    let running = start();
    let client = with_key(&running);
    let model = client.prediction().deployment("any");
    let short = model.detect_anomalies(hours(99)).await.unwrap_err();
    assert_eq!(short.field(), Some("data"));
    assert!(
        short.to_string().contains("at least 100 values; got 99"),
        "{short}"
    );
    let request = ForecastRequest::new([hours(96)]).prediction_len(129);
    let far = model.forecast(request).await.unwrap_err();
    assert_eq!(far.field(), Some("prediction_len"));
    let request = ForecastRequest::new([hours(96)]).context_len(31);
    let narrow = model.forecast(request).await.unwrap_err();
    assert_eq!(narrow.field(), Some("context_len"));
    let uneven = hours(48).column("holiday", vec![0; 50]);
    let request = ForecastZeroShotRequest::new([uneven], 2);
    let uneven = model.forecast_zero_shot(request).await.unwrap_err();
    assert!(uneven.is_invalid_input(), "{uneven}");
    let sample = Columns::new().column("a", 0..10_001);
    let request = PredictTableRequest::new("a", TableTask::Regression, sample, vec![]);
    let long = model.predict_table(request).await.unwrap_err();
    assert_eq!(long.field(), Some("sample"));
    assert!(requests(&running).await.is_empty());
}
