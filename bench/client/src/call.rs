//! What a call costs: CPU time and memory of a client that asks a fast server.

use futures_util::{StreamExt, stream};
use pangulm::Client;
use pangulm::chat::{ChatRequest, Message};
use reqwest::header::CONTENT_TYPE;

use crate::measure::{cpu_seconds, resident_megabytes};
use crate::rivals;

const MODEL: &str = "pangu-nlp-n2";
const QUESTION: &str = "Where does the Yangtze rise?";
/// What the server's completion holds.
const SHORTEST_TEXT: usize = 500;

/// Prints `microseconds of CPU a call <tab> resident megabytes at the end`.
pub async fn run(contestant: &str, url: &str, calls: usize, at_once: usize) {
    match contestant {
        "reqwest" => {
            let http = reqwest::Client::new();
            let url = format!("{url}/v1/PROJECT/deployments/DEPLOYMENT/chat/completions");
            let body = format!(r#"{{"messages":[{{"role":"user","content":"{QUESTION}"}}]}}"#);
            measure(calls, at_once, || async {
                let request = http.post(&url).header(CONTENT_TYPE, "application/json");
                let answer = request.body(body.clone()).send().await.expect("an answer");
                answer.bytes().await.expect("a body").len()
            })
            .await;
        }
        "pangulm, signed" => {
            let secret = "an-invented-secret-key-of-40-characters!";
            let client = Client::builder()
                .endpoint(url)
                .project_id("PROJECT")
                .deployment("DEPLOYMENT")
                .access_key("QTWAOYTTINDUT2QVKYUC", secret);
            chat(client.build().expect("a client"), calls, at_once).await;
        }
        "pangulm, API key" => {
            let client = Client::builder()
                .endpoint(url)
                .model(MODEL)
                .api_key("a-key");
            chat(client.build().expect("a client"), calls, at_once).await;
        }
        "async-openai" => {
            let client = rivals::client(rivals::async_openai(url, "a-key"));
            measure(calls, at_once, || async {
                let request = rivals::request(MODEL, QUESTION);
                let answer = client.chat().create(request).await.expect("an answer");
                answer.choices[0]
                    .message
                    .content
                    .as_deref()
                    .unwrap_or_default()
                    .len()
            })
            .await;
        }
        _ => panic!("there is no {contestant}"),
    }
}

async fn chat(client: Client, calls: usize, at_once: usize) {
    measure(calls, at_once, || async {
        let request = ChatRequest::new([Message::user(QUESTION)]);
        client
            .chat()
            .create(request)
            .await
            .expect("an answer")
            .text()
            .len()
    })
    .await;
}

async fn measure<F: Future<Output = usize>>(calls: usize, at_once: usize, call: impl Fn() -> F) {
    let run = |calls: usize| {
        stream::iter(0..calls)
            .map(|_| call())
            .buffer_unordered(at_once)
    };
    let check = |length: usize| assert!(length > SHORTEST_TEXT, "an answer is missing");
    // Connections are made and caches filled before the clock starts.
    run(calls / 10 + at_once)
        .for_each(|it| async move { check(it) })
        .await;
    let (seconds, ()) = cpu_seconds(run(calls).for_each(|it| async move { check(it) })).await;
    let microseconds = seconds * 1e6 / calls as f64;
    let memory = resident_megabytes().unwrap_or(f64::NAN);
    println!("{microseconds:.2}\t{memory:.1}");
}
