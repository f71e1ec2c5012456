//! An emulator and clients for it.

use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::thread;
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

/// The deployment of the model that answers this operation.
pub(crate) async fn deployment(running: &Running, operation: &str) -> String {
    let url = format!("{}/_emulator/info", running.info.url);
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    let info: Value = serde_json::from_str(&text).unwrap();
    info["deployments"][operation].as_str().unwrap().to_owned()
}

/// How often this operation was asked for.
pub(crate) async fn count(running: &Running, operation: &str) -> usize {
    let of = |request: &&Value| request["operationId"] == operation;
    requests(running).await.iter().filter(of).count()
}

/// A server that answers one request on one connection by hand. Returns its address.
pub(crate) fn serve_once(answer: impl FnOnce(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        drop(listener);
        read_request(&mut connection);
        answer(connection);
    });
    format!("http://{address}")
}

pub(crate) fn read_request(connection: &mut TcpStream) {
    let mut reader = BufReader::new(connection);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
}

/// A client for a server made by hand, for V2.
pub(crate) fn by_hand(url: &str) -> ClientBuilder {
    Client::builder()
        .endpoint(url)
        .model("m")
        .api_key("key")
        .timeout(PATIENCE)
}

/// The simplest question.
pub(crate) fn hello() -> ChatRequest {
    ChatRequest::new([Message::user("hello")])
}

/// The head of an endless stream.
pub(crate) const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: r-1\r\nconnection: close\r\n\r\n";
