//! The areas whose work goes on over several calls: science, video, supply chain.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use pangulm_openapi::{Check, Evidence, Operation, Scheme, documents};

fn of_area(tag: &str) -> Vec<Operation> {
    let documents = documents().unwrap();
    let all = documents.iter().flat_map(|it| it.operations().unwrap());
    all.filter(|it| it.tag == tag).collect()
}

#[test]
fn every_documented_operation_of_the_areas_is_there() {
    let service = "/v1/{project_id}/infer-api/proxy/service/{deployment_id}";
    let video = "/v1/{project_id}/alg-infer/KIND/service/{deployment_id}/videos";
    let list = |tag: &str| -> Vec<String> {
        let short = |path: &str| {
            let path = path.replace(service, "…");
            let kinds = ["aigc-text-video", "aigc-img-video", "aigc-video-extension"];
            let kind = kinds.into_iter().find(|kind| path.contains(kind));
            let path = kind.map_or(path.clone(), |kind| path.replace(kind, "KIND"));
            path.replace(video, "…videos")
        };
        let line = |it: &Operation| format!("{} {} {}", it.id, it.method, short(&it.path));
        of_area(tag).iter().map(line).collect()
    };
    assert_eq!(
        list("science"),
        [
            "createScienceTask POST …/v2/{scope_id}/tasks",
            "getScienceTask GET …/v2/{scope_id}/tasks/{task_id}",
            "createWeatherTask POST …/tasks",
            "getWeatherTask GET …/tasks/{task_id}",
            "createOceanTask POST …/tasks",
            "getOceanTask GET …/tasks/{task_id}",
        ]
    );
    assert_eq!(
        list("supply-chain"),
        [
            "listSupplyItems GET …/v1/items",
            "querySupplyPredictions POST …/v1/predictions",
            "querySupplyFeatureImportance POST …/v1/feat-importance",
            "createSupplyInference POST …/v1/inference",
            "getSupplyInferenceStatus GET …/v1/{infer_task_id}/status",
        ]
    );
    assert_eq!(
        list("video"),
        [
            "createTextVideo POST …videos",
            "getTextVideo GET …videos/{video_task_id}",
            "createImageVideo POST …videos",
            "getImageVideo GET …videos/{video_task_id}",
            "createVideoExtension POST …videos",
            "getVideoExtension GET …videos/{video_task_id}",
        ]
    );
}

#[test]
fn credentials_are_those_of_the_table() {
    for (tag, app_code) in [
        ("science", Evidence::Documented),
        ("supply-chain", Evidence::Documented),
        ("video", Evidence::Inferred),
    ] {
        for operation in of_area(tag) {
            let schemes = [Scheme::IamToken, Scheme::AppCode, Scheme::AkSk];
            assert_eq!(operation.security, schemes, "{}", operation.id);
            let evidence = [Evidence::Documented, app_code, Evidence::Inferred];
            assert_eq!(operation.security_evidence, evidence, "{}", operation.id);
        }
    }
}

#[test]
fn what_starts_work_is_followed_and_never_sent_twice() {
    for tag in ["science", "video", "supply-chain"] {
        for operation in of_area(tag) {
            let starts = operation.id.starts_with("create");
            assert_eq!(operation.job.is_some(), starts, "{}", operation.id);
            assert_eq!(operation.idempotent, !starts, "{}", operation.id);
        }
    }
}

#[test]
fn documented_limits_are_rules() {
    let has = |id: &str, field: &str, check: Check| {
        let areas = ["science", "video", "supply-chain"];
        let mut all = areas.into_iter().flat_map(of_area);
        let operation = all.find(|it| it.id == id).unwrap();
        let mut rules = operation.rules.iter();
        assert!(
            rules.any(|rule| rule.field == field && rule.check == check),
            "{id}: {field}: {check:?}"
        );
    };
    for id in ["createWeatherTask", "createOceanTask"] {
        for field in ["name", "input", "output", "config"] {
            has(id, field, Check::Required);
        }
        // A time is written YYYYMMDDHH.
        for field in ["config.start_time_begin", "config.start_time_end"] {
            has(id, field, Check::MinLength(10));
            has(id, field, Check::MaxLength(10));
        }
    }
    has("querySupplyFeatureImportance", "level", Check::Required);
    has("createSupplyInference", "obs_path", Check::Required);
    for id in [
        "createTextVideo",
        "createImageVideo",
        "createVideoExtension",
    ] {
        has(id, "prompt", Check::MaxLength(1000));
    }
    for id in ["createImageVideo", "createVideoExtension"] {
        has(id, "model", Check::MaxLength(128));
    }
}
