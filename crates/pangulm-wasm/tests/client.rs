//! What the client for Rust on the web promises beyond the scenarios that every driver runs.

#![cfg(all(target_arch = "wasm32", feature = "web"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod support;

use std::time::Duration;

use pangulm_wasm::web::{Client, ErrorKind, Options, Secret, Settings, credential};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use support::{ask, emulator, is_page, sleep};

/// Options that reach the emulator, without a credential.
fn address() -> Settings {
    let info = emulator();
    let text = |name: &str| info[name].as_str().map(str::to_owned);
    Settings {
        endpoint: text("url"),
        iam_endpoint: text("iamUrl"),
        project_id: text("projectId"),
        deployment: text("deploymentId"),
        ..Settings::default()
    }
}

fn with_key() -> Client {
    let mut settings = address();
    let key = emulator()["apiKey"].as_str().map(Secret::new);
    settings.credentials.api_key = key;
    Client::new(Options::from(settings).accept_secrets_in_page()).unwrap()
}

const QUESTION: &str = r#"{"messages":[{"role":"user","content":"hello"}]}"#;

#[wasm_bindgen_test]
fn a_lasting_secret_in_a_page_needs_consent() {
    let password = credential::TokenSource::Password(credential::Password {
        domain: "d".to_owned(),
        user: "u".to_owned(),
        password: Secret::new("hunter2"),
    });
    let mut settings = address();
    settings.credentials.token = Some(password);
    let refused = Client::new(Options::from(settings.clone())).err();
    assert_eq!(refused.is_some(), is_page());
    if let Some(error) = refused {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("a password"), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    Client::new(Options::from(settings).accept_secrets_in_page()).unwrap();
}

#[wasm_bindgen_test]
fn no_secret_shows_in_a_client() {
    let shown = format!("{:?}", with_key());
    assert!(!shown.contains("emulator-api-key"), "{shown}");
}

#[wasm_bindgen_test]
async fn a_dropped_call_closes_its_connection() {
    let client = with_key().with_header("x-emulator-fault", "delay=600000; key=dropped");
    let mut call = Box::pin(client.call("countTokens", &[], Some(r#"{"data":["x"]}"#)));
    while seen("dropped").await.is_empty() {
        assert!(futures_util::poll!(call.as_mut()).is_pending());
        sleep(10).await;
    }
    drop(call);
    while seen("dropped").await[0]["closedEarly"] != true {
        sleep(10).await;
    }
}

#[wasm_bindgen_test]
async fn a_call_that_is_dropped_while_it_fetches_the_token_hands_that_over() {
    let iam = &emulator()["iam"];
    let text = |name: &str| iam[name].as_str().unwrap().to_owned();
    let mut settings = address();
    settings.credentials.token = Some(credential::TokenSource::Password(credential::Password {
        domain: text("domain"),
        user: text("user"),
        password: Secret::new(&text("password")),
    }));
    let client = Client::new(Options::from(settings).accept_secrets_in_page()).unwrap();
    let mut fetching = Box::pin(client.call("countTokens", &[], Some(r#"{"data":["x"]}"#)));
    assert!(futures_util::poll!(fetching.as_mut()).is_pending());
    let mut waiting = Box::pin(client.call("countTokens", &[], Some(r#"{"data":["x"]}"#)));
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    drop(fetching);
    assert_eq!(waiting.await.unwrap().status, 200);
}

#[wasm_bindgen_test]
async fn a_large_signed_body_is_hashed_by_web_crypto_and_accepted() {
    let info = emulator();
    let text = |name: &str| info[name].as_str().unwrap().to_owned();
    let mut settings = address();
    settings.credentials.access_key = Some(credential::AccessKey {
        id: text("accessKeyId"),
        secret: credential::SigningSecret::Held(Secret::new(&text("secretAccessKey"))),
        security_token: None,
    });
    let client = Client::new(Options::from(settings).accept_secrets_in_page()).unwrap();
    let body = json!({"data": ["长".repeat(40_000)]}).to_string();
    let answer = client.call("countTokens", &[], Some(&body)).await.unwrap();
    let count: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(count["token_number"], 40_000);
}

#[wasm_bindgen_test]
async fn settings_of_some_calls_leave_the_others_alone() {
    let client = with_key();
    let hasty = client
        .with_timeout(Duration::from_millis(100))
        .with_max_retries(0)
        .with_header("x-emulator-fault", "delay=600000");
    let error = hasty.chat().create(QUESTION).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    client.chat().create(QUESTION).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_request_that_is_no_json_object_is_refused() {
    for request in ["", "[]", "{", "hello"] {
        let error = with_key().chat().create(request).await.unwrap_err();
        assert_eq!(error.field(), Some("request"), "{error}");
    }
    let model = r#"{"model":7,"messages":[{"content":"hello"}]}"#;
    let error = with_key().chat().create(model).await.unwrap_err();
    assert_eq!(error.field(), Some("model"), "{error}");
}

#[wasm_bindgen_test]
async fn a_stream_is_a_stream_of_the_futures_crates() {
    use futures_util::TryStreamExt;
    let stream = with_key().chat().stream(QUESTION).await.unwrap();
    let chunks: Vec<String> = stream.try_collect().await.unwrap();
    assert!(chunks.len() >= 20, "{} chunks", chunks.len());
}

#[wasm_bindgen_test]
async fn a_stream_keeps_its_place_until_it_is_over() {
    let mut settings = address();
    settings.credentials.api_key = emulator()["apiKey"].as_str().map(Secret::new);
    settings.max_concurrency = Some(1);
    let client = Client::new(Options::from(settings).accept_secrets_in_page()).unwrap();
    let hasty = client.with_timeout(Duration::from_millis(100));
    let mut stream = client.chat().stream(QUESTION).await.unwrap();
    let error = hasty.chat().create(QUESTION).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    let chat = client.chat();
    let mut waiting = Box::pin(chat.create(QUESTION));
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    while let Some(chunk) = stream.next().await {
        chunk.unwrap();
    }
    waiting.await.unwrap();
    let dropped = client.chat().stream(QUESTION).await.unwrap();
    let mut waiting = Box::pin(chat.create(QUESTION));
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    drop(dropped);
    waiting.await.unwrap();
}

/// What the emulator was asked with this key.
async fn seen(key: &str) -> Vec<Value> {
    let url = emulator()["url"].as_str().unwrap().to_owned();
    let (mut answer, _) = ask(&format!("{url}/_emulator/requests?key={key}"), None).await;
    serde_json::from_value(answer["requests"].take()).unwrap()
}
