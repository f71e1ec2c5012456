//! Models that predict.

use pangulm_openapi::{Part, documents};
use serde_json::{Value, json};

use crate::platform::{Platform, outcome};
use crate::spec::assert_fits;

async fn ask(platform: &Platform, operation: &str, body: Value) -> (u16, Value) {
    let (status, answer) = outcome(platform.model(operation, &body).await).await;
    if status == 200 {
        assert_fits(operation, Part::Response, &answer);
        assert_eq!(answer["x_emulated"], true);
    }
    (status, answer)
}

/// A week of hours, with a day's rhythm and one point that is off.
fn week() -> Vec<f64> {
    let hour = |hour: u32| f64::from((hour % 24).abs_diff(12));
    (0..168)
        .map(|it| if it == 100 { 99.0 } else { hour(it) })
        .collect()
}

#[tokio::test]
async fn every_model_answers_the_spec_s_example() {
    let platform = Platform::start();
    for operation in documents().unwrap()[0].operations().unwrap() {
        // Its example is too short for the documented least number of rows.
        if operation.tag == "prediction" && operation.id != "computeFeatureImportance" {
            let example = operation.request_example.unwrap();
            let (status, answer) = ask(&platform, &operation.id, example).await;
            assert_eq!(status, 200, "{} {answer}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_forecast_goes_on_with_the_rhythm_of_its_series() {
    let platform = Platform::start();
    let history: Vec<f64> = week()[..96].to_vec();
    let body = json!({"data": [{"context": {"load": history}}], "prediction_len": 24});
    let (_, answer) = ask(&platform, "forecastSeries", body).await;
    let prediction = &answer["data"][0]["prediction"]["load"];
    assert_eq!(*prediction, json!(week()[..24]));
    let flat = json!({"data": [{"context": {"load": [1, 2, 3]}}], "prediction_len": 2});
    let (_, answer) = ask(&platform, "forecastSeries", flat).await;
    assert_eq!(answer["data"][0]["prediction"]["load"], json!([3.0, 3.0]));
}

#[tokio::test]
async fn without_a_horizon_the_older_edition_s_default_holds() {
    let platform = Platform::start();
    let body = json!({"data": [{"context": {"load": [1]}}]});
    let (_, answer) = ask(&platform, "forecastSeries", body).await;
    let prediction = answer["data"][0]["prediction"]["load"].as_array().unwrap();
    assert_eq!(prediction.len(), 96);
}

#[tokio::test]
async fn only_targets_are_forecast() {
    let platform = Platform::start();
    let series = json!({"load": [1, 2, 1, 2], "sun": [0, 1, 0, 1, 0], "wind": [5, 5, 5, 5]});
    for (roles, expected) in [
        (json!({"known_cov_cols": ["sun"]}), vec!["load", "wind"]),
        (
            json!({"known_cov_cols": ["sun"], "target_cols": ["wind"]}),
            vec!["wind"],
        ),
        (
            json!({"target_cols": ["load"], "past_cov_cols": ["wind"]}),
            vec!["load"],
        ),
    ] {
        let mut body = json!({"data": [series], "prediction_len": 1});
        body.as_object_mut()
            .unwrap()
            .extend(roles.as_object().unwrap().clone());
        let (_, answer) = ask(&platform, "forecastSeriesZeroShot", body).await;
        let prediction = answer["data"][0]["prediction"].as_object().unwrap();
        assert_eq!(prediction.keys().collect::<Vec<_>>(), expected, "{roles}");
    }
}

#[tokio::test]
async fn the_point_that_is_off_is_the_anomaly() {
    let platform = Platform::start();
    let body = json!({"data": [{"load": week()}], "get_details": true});
    let (_, answer) = ask(&platform, "detectSeriesAnomalies", body.clone()).await;
    let load = &answer["data"][0]["load"];
    let label: Vec<u64> = serde_json::from_value(load["label"].clone()).unwrap();
    assert_eq!((label[100], label[50]), (1, 0));
    assert_eq!(load["anomaly_score"].as_array().unwrap().len(), 168);
    for (operation, member) in [
        ("detectSeriesAnomaliesZeroShot", "anomaly_score"),
        ("detectSeriesAnomaliesV2", "anomaly_probability"),
    ] {
        let (_, answer) = ask(&platform, operation, body.clone()).await;
        let scores = answer["data"][0]["load"][member].as_array().unwrap();
        let highest = scores.iter().filter_map(Value::as_f64).fold(0.0, f64::max);
        assert_eq!(scores[100], highest, "{operation}");
    }
}

#[tokio::test]
async fn rows_above_the_mean_are_of_class_one() {
    let platform = Platform::start();
    let body = json!({"data": [{"a": 9, "b": "x"}, {"a": 1, "b": "x"}], "predict_proba": true});
    let (_, answer) = ask(&platform, "classifyTable", body.clone()).await;
    assert_eq!(answer["result"], json!(["1", "0"]));
    assert!(answer["pred_proba"][0]["1"].as_f64().unwrap() > 0.5);
    let plain = json!({"data": body["data"]});
    let (_, answer) = ask(&platform, "classifyTable", plain.clone()).await;
    assert!(answer.get("pred_proba").is_none());
    let (_, answer) = ask(&platform, "classifyTableUnified", plain).await;
    assert_eq!(answer["results"], json!(["1", "0"]));
}

#[tokio::test]
async fn a_sample_predicts_by_the_rows_most_alike() {
    let platform = Platform::start();
    let body = |target: &str, task: &str| {
        json!({"target": target, "task_type": task,
            "sample": {"area": [50, 52, 54, 120, 122, 124], "price": [10, 11, 12, 30, 31, 32],
                "size": ["s", "s", "s", "l", "l", "l"]},
            "data": [{"area": 121}]})
    };
    let (_, answer) = ask(&platform, "predictTable", body("price", "regression")).await;
    assert_eq!(answer["results"], json!([31.0]));
    let (_, answer) = ask(&platform, "predictTable", body("size", "classification")).await;
    assert_eq!(answer["results"], json!(["l"]));
}

#[tokio::test]
async fn the_feature_that_goes_with_the_target_weighs_most() {
    let platform = Platform::start();
    let row = |number: usize| json!({"noise": number % 7, "signal": number, "target": number * 2});
    let rows = |count| json!({"data": (0..count).map(row).collect::<Vec<_>>()});
    let (_, answer) = ask(&platform, "computeFeatureImportance", rows(1_001)).await;
    let importance = &answer["feature_importance"];
    assert!(importance["signal"].as_f64() > importance["noise"].as_f64());
    let (status, answer) = ask(&platform, "computeFeatureImportance", rows(1_000)).await;
    assert_eq!((status, &answer["error_code"]), (400, &json!("PANGU.0010")));
}

#[tokio::test]
async fn what_a_page_rules_out_is_refused_with_the_member() {
    let platform = Platform::start();
    let short = json!([{"load": [1, 2, 3]}]);
    let zero_shot = |data: Value| json!({"data": data, "prediction_len": 1});
    let cases = [
        (
            "classifySeries",
            json!({"data": short, "context_len": 32}),
            "/data",
        ),
        (
            "classifySeries",
            json!({"data": short, "context_len": 31}),
            "/context_len",
        ),
        (
            "forecastSeries",
            json!({"data": [], "prediction_len": 129}),
            "/prediction_len",
        ),
        (
            "forecastSeriesZeroShot",
            json!({"data": short, "prediction_len": 1025}),
            "/prediction_len",
        ),
        (
            "forecastSeriesZeroShot",
            zero_shot(json!([{"a": [1]}, {"b": [1]}])),
            "/data",
        ),
        (
            "forecastSeriesZeroShot",
            zero_shot(json!([{"a": [1], "b": [1, 2]}])),
            "/data",
        ),
        ("detectSeriesAnomalies", json!({"data": short}), "/data"),
        (
            "detectSeriesAnomaliesV2",
            json!({"data": [{"load": [1]}]}),
            "/data",
        ),
        (
            "detectSeriesAnomaliesV2",
            json!({"data": [{"load": [1, null]}]}),
            "/data",
        ),
        (
            "predictTable",
            json!({"target": "b", "sample": {"a": [1]}, "data": [], "task_type": "regression"}),
            "/target",
        ),
        (
            "predictTable",
            json!({"target": "a", "sample": {"a": [1]}, "data": [{"c": 1}], "task_type": "regression"}),
            "/data",
        ),
    ];
    for (operation, body, member) in cases {
        let (status, answer) = ask(&platform, operation, body).await;
        assert_eq!(
            (status, &answer["error_code"]),
            (400, &json!("PANGU.0010")),
            "{operation} {answer}"
        );
        assert!(
            answer["error_msg"].as_str().unwrap().contains(member),
            "{answer}"
        );
    }
    let (status, answer) = ask(&platform, "forecastSeriesZeroShot", json!({"data": short})).await;
    assert_eq!((status, &answer["error_code"]), (400, &json!("PANGU.3278")));
}

#[tokio::test]
async fn gaps_are_filled_where_that_is_asked_for() {
    let platform = Platform::start();
    let body = |fill| json!({"data": [{"context": {"load": [1, null]}}], "auto_fill": fill, "prediction_len": 1});
    let (status, _) = ask(&platform, "forecastSeries", body(false)).await;
    assert_eq!(status, 400);
    let (_, answer) = ask(&platform, "forecastSeries", body(true)).await;
    assert_eq!(answer["data"][0]["prediction"]["load"], json!([1.0]));
}
