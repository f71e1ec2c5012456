//! The areas whose operations are deployed models below one path: vision and prediction.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use pangulm_openapi::{
    Check, ColumnLimits, Evidence, ImageLimits, Operation, ResponseKind, Scheme, documents,
};

const SERVICE: &str = "/v1/{project_id}/infer-api/proxy/service/{deployment_id}/";

fn operations() -> Vec<Operation> {
    let documents = documents().unwrap();
    let all = documents.iter().flat_map(|it| it.operations().unwrap());
    all.filter(|it| ["vision", "prediction"].contains(&it.tag.as_str()))
        .collect()
}

fn has(id: &str, field: &str, check: Check) {
    let operation = operations().into_iter().find(|it| it.id == id).unwrap();
    let mut rules = operation.rules.iter();
    assert!(
        rules.any(|rule| rule.field == field && rule.check == check),
        "{id} {field} {check:?}: {:?}",
        operation.rules
    );
}

#[test]
fn every_documented_model_is_an_operation_below_its_service() {
    let list: Vec<_> = operations()
        .into_iter()
        .map(|it| {
            let below = it.path.strip_prefix(SERVICE).unwrap_or(&it.path);
            format!("{} {} {below}", it.id, it.method)
        })
        .collect();
    assert_eq!(
        list,
        [
            "classifyImage POST ",
            "detectObjectsS2 POST ",
            "detectObjectsN2 POST ",
            "detectObjectsS3 POST ",
            "segmentImage POST v1/rs-server/predictions",
            "segmentInstances POST ",
            "detectOpenSet POST ",
            "detectInteractive POST ",
            "classifySeries POST ",
            "forecastSeriesZeroShot POST ",
            "forecastSeries POST ",
            "detectSeriesAnomaliesZeroShot POST ",
            "detectSeriesAnomalies POST ",
            "detectSeriesAnomaliesV2 POST ",
            "classifyTable POST ",
            "classifyTableUnified POST ",
            "regressTable POST ",
            "regressTableUnified POST ",
            "detectTableAnomalies POST ",
            "predictTable POST ",
            "computeFeatureImportance POST perm-feat-importance",
            "explainPrediction POST shapley-value",
        ]
    );
}

#[test]
fn deployed_models_take_what_the_table_of_credentials_says_and_only_read() {
    use Evidence::{Documented, Inferred};
    for operation in operations() {
        let id = &operation.id;
        let schemes = [Scheme::IamToken, Scheme::AppCode, Scheme::AkSk];
        assert_eq!(operation.security, schemes, "{id}");
        let evidence = [Documented, Documented, Inferred];
        assert_eq!(operation.security_evidence, evidence, "{id}");
        assert_eq!(operation.response, ResponseKind::Json, "{id}");
        assert!(operation.idempotent, "{id}");
    }
}

#[test]
fn documented_limits_of_images_are_rules() {
    let limits = ImageLimits {
        max_bytes: 10 * 1024 * 1024,
        max_side: 10_000,
        max_ratio: 5,
    };
    has("detectObjectsN2", "images", Check::Image(limits));
    has("detectOpenSet", "images", Check::Image(limits));
    has("classifyImage", "images", Check::MaxItems(24));
    // What the pages only recommend, or say without a unit, is left to the service.
    for (id, field) in [
        ("classifyImage", "images"),
        ("detectObjectsS2", "images"),
        ("detectObjectsS3", "images"),
        ("segmentImage", "img"),
        ("segmentInstances", "images"),
    ] {
        has(id, field, Check::Image(ImageLimits::default()));
    }
}

#[test]
fn documented_limits_of_series_and_tables_are_rules() {
    for id in ["classifySeries", "forecastSeries"] {
        let least = Check::MinimumOr {
            bound: "32".into(),
            also: "-1".into(),
        };
        has(id, "context_len", least);
    }
    let none = ColumnLimits::default();
    for (id, field, limits) in [
        (
            "classifySeries",
            "data",
            ColumnLimits {
                context: true,
                ..none
            },
        ),
        (
            "forecastSeriesZeroShot",
            "data",
            ColumnLimits {
                context: true,
                forecast: true,
                ..none
            },
        ),
        (
            "detectSeriesAnomalies",
            "data",
            ColumnLimits {
                min_rows: 100,
                ..none
            },
        ),
        (
            "detectSeriesAnomaliesV2",
            "data",
            ColumnLimits {
                min_rows: 2,
                max_rows: 10_000,
                ..none
            },
        ),
        (
            "predictTable",
            "sample",
            ColumnLimits {
                max_rows: 10_000,
                max_columns: 500,
                max_cells: 1_000_000,
                ..none
            },
        ),
        (
            "predictTable",
            "data",
            ColumnLimits {
                max_columns: 500,
                sampled: true,
                ..none
            },
        ),
    ] {
        has(id, field, Check::Columns(limits));
    }
    has("predictTable", "data", Check::MaxItems(1_000));
    has("predictTable", "body", Check::MaxBytes(12 * 1024 * 1024));
}
