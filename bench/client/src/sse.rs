//! Tokens a CPU second: the recording decoded and parsed, in memory and over HTTP.

use std::convert::Infallible;

use bytes::Bytes;
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt, stream};
use pangulm::chat::{ChatChunk, ChatRequest, Message};
use pangulm_core::chat_stream::{ChatStream, End, Progress};
use reqwest::header::CONTENT_TYPE;
use sse_stream::SseByteStream;

use crate::measure::cpu_seconds;
use crate::recording::{self, CUTS, Cut, EVENTS};
use crate::rivals;

/// How often memory is measured: it takes a few milliseconds, and the first time is spent on pages
/// that nobody has touched yet.
const IN_MEMORY: usize = 9;

/// Prints `place <tab> client <tab> pieces <tab> tokens a CPU second`.
pub async fn run(url: &str) {
    let body = recording::body().leak();
    for (cut, name) in CUTS {
        for _ in 0..IN_MEMORY {
            in_memory(body, cut, name).await;
        }
        over_http(&format!("{url}/{name}"), name).await;
    }
}

async fn in_memory(body: &'static [u8], cut: Cut, name: &str) {
    let pieces = recording::pieces(body, cut);
    report("memory", "pangulm", name, async { ours(&pieces) }).await;
    report("memory", "sse-stream + serde", name, async {
        with_sse_stream(stream::iter(received(&pieces))).await
    })
    .await;
    report("memory", "eventsource-stream + serde", name, async {
        with_eventsource_stream(stream::iter(received(&pieces))).await
    })
    .await;
}

/// The pieces as the network gives them, but that these cost nothing to make or to drop: what is
/// measured is what is done with them.
fn received(pieces: &[&'static [u8]]) -> impl Iterator<Item = Result<Bytes, Infallible>> {
    pieces.iter().map(|piece| Ok(Bytes::from_static(piece)))
}

async fn over_http(url: &str, name: &str) {
    let client = pangulm::Client::builder()
        .endpoint(url)
        .model("pangu-nlp-n2")
        .api_key("a-key")
        .build()
        .expect("a client");
    report("http", "pangulm", name, async {
        let request = ChatRequest::new([Message::user("hi")]);
        let mut stream = client.chat().stream(request).await.expect("a stream");
        let mut length = 0;
        while let Some(chunk) = stream.next().await {
            length += chunk.expect("a chunk").text().len();
        }
        length
    })
    .await;
    let http = reqwest::Client::new();
    let post = || async {
        let address = format!("{url}/api/v2/chat/completions");
        let request = http.post(address).header(CONTENT_TYPE, "application/json");
        request
            .body("{}")
            .send()
            .await
            .expect("an answer")
            .bytes_stream()
    };
    report("http", "sse-stream + serde", name, async {
        with_sse_stream(post().await).await
    })
    .await;
    report("http", "eventsource-stream + serde", name, async {
        with_eventsource_stream(post().await).await
    })
    .await;
    let openai = rivals::client(rivals::async_openai(url, "a-key"));
    report("http", "async-openai", name, async {
        let request = rivals::request("pangu-nlp-n2", "hi");
        let mut stream = openai
            .chat()
            .create_stream(request)
            .await
            .expect("a stream");
        let mut length = 0;
        while let Some(chunk) = stream.next().await {
            for choice in chunk.expect("a chunk").choices {
                length += choice.delta.content.unwrap_or_default().len();
            }
        }
        length
    })
    .await;
}

async fn report(place: &str, client: &str, pieces: &str, work: impl Future<Output = usize>) {
    let (seconds, text) = cpu_seconds(work).await;
    assert_eq!(text, recording::text_bytes(), "{client} loses text");
    println!(
        "{place}\t{client}\t{pieces}\t{:.0}",
        EVENTS as f64 / seconds
    );
}

/// The engine and the chunk type of the crate: what [`pangulm::chat::ChatStream`] is made of.
fn ours(pieces: &[&[u8]]) -> usize {
    let operation = pangulm_core::Operation::find("createChatCompletionV2Stream").expect("it");
    let mut stream = ChatStream::new(operation, None);
    let mut length = 0;
    let mut pieces = pieces.iter();
    loop {
        match stream.progress() {
            Progress::Chunk(chunk) => {
                length += ChatChunk::try_from(&chunk).expect("a chunk").text().len();
            }
            Progress::NeedBytes => match pieces.next() {
                Some(piece) => stream.push(piece),
                None => stream.end(End::Clean),
            },
            Progress::Complete => return length,
            Progress::Failed(error) => panic!("{error}"),
        }
    }
}

fn text_of(json: &str) -> usize {
    let chunk: ChatChunk = serde_json::from_str(json).expect("a chunk");
    chunk.text().len()
}

async fn with_sse_stream<E: std::error::Error + Send + Sync + 'static>(
    body: impl Stream<Item = Result<Bytes, E>>,
) -> usize {
    let mut events = std::pin::pin!(SseByteStream::new(body));
    let mut length = 0;
    while let Some(event) = events.next().await {
        match event.expect("an event").data.as_deref() {
            None | Some("[DONE]") => {}
            Some(json) => length += text_of(json),
        }
    }
    length
}

async fn with_eventsource_stream<E: std::fmt::Debug>(
    body: impl Stream<Item = Result<Bytes, E>>,
) -> usize {
    let mut events = std::pin::pin!(body.eventsource());
    let mut length = 0;
    while let Some(event) = events.next().await {
        match event.expect("an event").data.as_str() {
            "[DONE]" => {}
            json => length += text_of(json),
        }
    }
    length
}
