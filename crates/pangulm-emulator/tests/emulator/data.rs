//! Data sets.

use pangulm_openapi::Part;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::platform::{Platform, outcome};
use crate::spec::assert_fits;

fn path(platform: &Platform, rest: &str) -> String {
    let info = platform.info();
    let (project, workspace) = (&info.project_id, &info.workspace_id);
    platform.url(&format!(
        "/v1/{project}/workspaces/{workspace}/data-management/{rest}"
    ))
}

fn lineages(platform: &Platform, query: &str) -> RequestBuilder {
    platform
        .http
        .get(path(platform, &format!("lineages?{query}")))
}

async fn delete(platform: &Platform, token: &str, body: Value) -> (u16, Value) {
    let post = platform
        .http
        .post(path(platform, "dataset/permanent-delete"));
    outcome(post.header("x-auth-token", token).json(&body)).await
}

#[tokio::test]
async fn lineages_lead_from_a_path_to_what_was_made_of_it() {
    let platform = Platform::start();
    let token = platform.token().await;
    let ask = |query: &str| outcome(lineages(&platform, query).header("x-auth-token", &token));
    for from in ["emulator-bucket", "emulator-bucket/rivers/"] {
        let (status, answer) = ask(&format!("limit=100&from_path={from}")).await;
        assert_eq!(status, 200);
        assert_fits("listDataLineages", Part::Response, &answer);
        let steps = answer["lineages"].as_array().unwrap();
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[0]["from_type"], "OBS");
        assert_eq!(steps[1]["from_id"], steps[0]["to_id"]);
    }
    let (_, first) = ask("limit=1&from_path=emulator-bucket/rivers").await;
    assert_eq!(first["lineages"].as_array().unwrap().len(), 1);
    let (_, none) = ask("limit=1&from_path=emulator-bucket/riv").await;
    assert_eq!(none["lineages"], json!([]));
    for query in [
        "from_path=a",
        "limit=0&from_path=a",
        "limit=1001&from_path=a",
    ] {
        assert_eq!(ask(query).await.1["error_code"], "PANGU.0010", "{query}");
    }
    assert_eq!(ask("limit=1").await.1["error_code"], "PANGU.3278");
}

#[tokio::test]
async fn a_deleted_data_set_is_gone_for_good() {
    let platform = Platform::start();
    let token = platform.token().await;
    let wrong_kind = json!({"dataset_name": "river-questions", "catalog": "PUBLISH"});
    let (_, answer) = delete(&platform, &token, wrong_kind).await;
    assert_eq!(answer["result"], false);
    let body = json!({"dataset_name": "river-questions", "catalog": "ORIGINAL"});
    for result in [true, false] {
        let (status, answer) = delete(&platform, &token, body.clone()).await;
        assert_fits("deleteDatasetPermanently", Part::Response, &answer);
        assert_eq!((status, &answer["result"]), (200, &json!(result)));
    }
    let query = "limit=100&from_path=emulator-bucket/rivers";
    let request = lineages(&platform, query).header("x-auth-token", &token);
    let left = outcome(request).await.1["lineages"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(left, 2);
    let (status, refusal) = delete(&platform, &token, json!({"dataset_name": ""})).await;
    assert_eq!(
        (status, &refusal["error_code"]),
        (400, &json!("PANGU.0010"))
    );
}

#[tokio::test]
async fn an_api_key_does_not_open_the_data() {
    let platform = Platform::start();
    let request = lineages(&platform, "limit=1&from_path=a");
    let request = request.header("x-apig-appcode", &platform.info().api_key);
    let (status, refusal) = outcome(request).await;
    assert_eq!((status, &refusal["error_code"]), (401, &json!("APIG.0301")));
}
