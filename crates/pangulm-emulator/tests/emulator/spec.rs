//! The answers against the spec's schemas.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use pangulm_openapi::{Document, Part, documents};
use reqwest::Method;
use serde_json::{Value, json};

use crate::platform::{Platform, ask, ask_stream, chunks, json_of};

type Known = (String, String);

static VALIDATORS: LazyLock<Mutex<HashMap<Known, Arc<Validator>>>> = LazyLock::new(Mutex::default);

pub(crate) fn assert_fits(operation: &str, part: Part, json: &Value) {
    let validator = validator(operation, part);
    let errors: Vec<String> = validator
        .iter_errors(json)
        .map(|error| error.to_string())
        .collect();
    assert!(
        errors.is_empty(),
        "{operation} {part:?}: {errors:?}\n{json:#}"
    );
}

fn validator(operation: &str, part: Part) -> Arc<Validator> {
    let compile = || {
        let documents = documents().unwrap();
        let schema = |document: &Document| document.json_schema(operation, part);
        let schema = documents.iter().find_map(schema).unwrap();
        Arc::new(jsonschema::validator_for(&schema).unwrap())
    };
    let known = (operation.to_owned(), format!("{part:?}"));
    VALIDATORS
        .lock()
        .unwrap()
        .entry(known)
        .or_insert_with(compile)
        .clone()
}

fn bodies() -> Vec<Value> {
    let tool = json!({"type": "function", "function": {
        "name": "get_weather", "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    }});
    let mut with_tool = ask("What is the weather in Guiyang?");
    with_tool["tools"] = json!([tool]);
    let mut thinking = ask("为什么天是蓝的?");
    thinking["enable_thinking"] = json!(true);
    let mut short = ask("hi");
    short["max_tokens"] = json!(3);
    vec![ask("hi"), with_tool, thinking, short]
}

#[tokio::test]
async fn every_chat_answer_fits_the_spec() {
    let platform = Platform::start();
    for body in bodies() {
        let v1 = json_of(platform.v1(body.clone()).send().await.unwrap()).await;
        assert_fits("createChatCompletionV1", Part::Response, &v1);
        let v2 = json_of(platform.v2(body).send().await.unwrap()).await;
        assert_fits("createChatCompletionV2", Part::Response, &v2);
        for answer in [v1, v2] {
            assert_eq!(answer["x_emulated"], true);
        }
    }
}

#[tokio::test]
async fn every_chunk_fits_the_spec() {
    let platform = Platform::start();
    for mut body in bodies().into_iter().chain([ask_stream("介绍一下长江")]) {
        body["stream"] = json!(true);
        body["stream_options"] = json!({"include_usage": true});
        for chunk in chunks(platform.v1(body.clone()), "data:").await {
            assert_fits("createChatCompletionV1", Part::Chunk, &chunk);
        }
        for chunk in chunks(platform.v2(body), "data: ").await {
            assert_fits("createChatCompletionV2", Part::Chunk, &chunk);
        }
    }
}

#[tokio::test]
async fn every_other_answer_fits_the_spec() {
    let platform = Platform::start();
    let count = platform.count(json!({"data": ["你好"], "with_prompt": true}));
    let count = json_of(count.send().await.unwrap()).await;
    assert_fits("countTokens", Part::Response, &count);

    for scope in [
        json!({"project": {"name": "cn-southwest-2"}}),
        json!({"domain": {}}),
    ] {
        let login = platform.login(&platform.info().iam.password, scope);
        let login = json_of(login.send().await.unwrap()).await;
        assert_fits("createToken", Part::Response, &login);
        assert_eq!(login["x_emulated"], true);
    }

    let token = platform.token().await;
    let get = |path| {
        platform
            .http
            .get(platform.url(path))
            .header("x-auth-token", &token)
    };
    let checked = get("/v3/auth/tokens")
        .header("x-subject-token", &token)
        .send()
        .await
        .unwrap();
    assert_fits("validateToken", Part::Response, &json_of(checked).await);
    let projects = json_of(get("/v3/projects").send().await.unwrap()).await;
    assert_fits("listProjects", Part::Response, &projects);
}

#[tokio::test]
async fn every_operation_of_the_spec_is_served() {
    let platform = Platform::start();
    let documents = documents().unwrap();
    let operations = documents
        .iter()
        .flat_map(|document| document.operations().unwrap());
    let info = platform.http.get(platform.url("/_emulator/info"));
    let deployments = json_of(info.send().await.unwrap()).await["deployments"].clone();
    for operation in operations {
        let deployment = deployments[&operation.id].as_str().unwrap_or("d");
        let path = operation.path.replace("{deployment_id}", deployment);
        let path = path.replace(['{', '}'], "");
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let key = format!("x-{}", operation.id);
        let request = platform.http.request(method, platform.url(&path));
        request
            .header("x-emulator-fault", format!("key={key}"))
            .send()
            .await
            .unwrap();
        let known = platform.recorded(&key).await[0]["operationId"].clone();
        // The spec lists an operation with two kinds of answer twice; on the wire it is one.
        assert_eq!(
            known,
            operation.id.trim_end_matches("Stream"),
            "{} {path}",
            operation.method
        );
    }
}
