//! An emulator and clients for it.

// Each test file is a crate of its own and uses a part of this.
#![allow(dead_code)]

use std::time::Duration;

use pangulm::chat::{ChatRequest, Message};
use pangulm::{Client, ClientBuilder};
use pangulm_emulator::{Emulator, Options, Running};
use serde_json::Value;

/// Nothing here takes long; what does has gone wrong.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn start() -> Running {
    Emulator::start(Options::default()).unwrap()
}

/// A client that knows where everything is and has no credential.
pub(crate) fn bare(running: &Running) -> ClientBuilder {
    let info = &running.info;
    Client::builder()
        .endpoint(&info.url)
        .iam_endpoint(&info.iam_url)
        .project_id(&info.project_id)
        .timeout(PATIENCE)
}

/// A client with an API key, for both dialects.
pub(crate) fn with_key(running: &Running) -> Client {
    bare(running)
        .api_key(&running.info.api_key)
        .build()
        .unwrap()
}

pub(crate) fn with_password(running: &Running) -> ClientBuilder {
    let iam = &running.info.iam;
    bare(running).password(&iam.domain, &iam.user, &iam.password)
}

/// A question by V1.
pub(crate) fn v1(running: &Running, question: &str) -> ChatRequest {
    ChatRequest::new([Message::user(question)]).deployment(&running.info.deployment_id)
}

/// A question by V2.
pub(crate) fn v2(running: &Running, question: &str) -> ChatRequest {
    ChatRequest::new([Message::user(question)]).model(&running.info.model)
}

/// The same client asking the emulator for a fault.
pub(crate) fn faulty(client: &Client, fault: &str) -> Client {
    client.with_header("x-emulator-fault", fault)
}

/// What the emulator was asked, oldest first.
pub(crate) async fn requests(running: &Running) -> Vec<Value> {
    let url = format!("{}/_emulator/requests", running.info.url);
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    let mut answer: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(answer["requests"].take()).unwrap()
}

/// How often this operation was asked for.
pub(crate) async fn count(running: &Running, operation: &str) -> usize {
    let of = |request: &&Value| request["operationId"] == operation;
    requests(running).await.iter().filter(of).count()
}
