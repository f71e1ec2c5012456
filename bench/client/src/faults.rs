//! What a user of each client sees when a stream goes wrong.

use std::fmt::Display;
use std::time::Duration;

use async_openai::types::chat::ChatCompletionResponseStream;
use futures_util::StreamExt;
use pangulm::Client;
use pangulm::chat::{ChatRequest, ChatStream, Message};
use tokio::time::timeout;

use crate::rivals;

const HEADER: &str = "x-emulator-fault";
const QUESTION: &str = "Where does the Yangtze rise?";
/// Ours, for silence in a stream. async-openai has no such setting.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

/// Where to ask.
pub struct Place<'a> {
    pub url: &'a str,
    pub model: &'a str,
    pub key: &'a str,
}

/// Prints `client <tab> fault <tab> chunks seen <tab> what happened` for both clients.
pub async fn run(place: &Place<'_>, limit: &str, faults: &[&str]) {
    let limit = Duration::from_millis(limit.parse().expect("milliseconds"));
    for fault in faults {
        let header = |client: &str| format!("{fault}; key={client}/{fault}");
        let mut seen = 0;
        let end = timeout(limit, ours(place, &header("pangulm"), &mut seen)).await;
        report("pangulm", fault, seen, end.ok());
        let mut seen = 0;
        let end = timeout(
            limit,
            async_openai(place, &header("async-openai"), &mut seen),
        )
        .await;
        report("async-openai", fault, seen, end.ok());
    }
}

fn report(client: &str, fault: &str, seen: usize, end: Option<Result<(), String>>) {
    let end = match end {
        None => "hangs".to_owned(),
        Some(Ok(())) => "normal end".to_owned(),
        Some(Err(error)) => error,
    };
    let end = end.replace(['\n', '\r', '\t'], " ");
    println!("{client}\t{fault}\t{seen}\t{end}");
}

async fn ours(place: &Place<'_>, fault: &str, seen: &mut usize) -> Result<(), String> {
    let error =
        |error: pangulm::Error| format!("error {}: {}", error.kind().name(), error.message());
    let client = Client::builder()
        .endpoint(place.url)
        .model(place.model)
        .api_key(place.key)
        .idle_timeout(IDLE_TIMEOUT)
        .build()
        .map_err(error)?
        .with_header(HEADER, fault);
    let request = ChatRequest::new([Message::user(QUESTION)]);
    let mut stream: ChatStream = client.chat().stream(request).await.map_err(error)?;
    while let Some(chunk) = stream.next().await {
        chunk.map_err(error)?;
        *seen += 1;
    }
    Ok(())
}

async fn async_openai(place: &Place<'_>, fault: &str, seen: &mut usize) -> Result<(), String> {
    fn error(error: impl Display) -> String {
        format!("error: {error}")
    }
    let config = rivals::async_openai(place.url, place.key);
    let client = rivals::client(config.with_header(HEADER, fault).map_err(error)?);
    let request = rivals::request(place.model, QUESTION);
    let mut stream: ChatCompletionResponseStream =
        client.chat().create_stream(request).await.map_err(error)?;
    while let Some(chunk) = stream.next().await {
        chunk.map_err(error)?;
        *seen += 1;
    }
    Ok(())
}
