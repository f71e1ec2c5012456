//! The Rust workers of `cargo xtask soak`. They take calls from stdin, one line of JSON each, make
//! them through the crate's public interface, and write a line of JSON for what came of each. They
//! judge nothing: who planned the calls does. `worker.mjs` does the same in JavaScript.

use std::io::{BufRead, BufReader, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use pangulm::chat::{ChatRequest, FinishReason, Message};
use pangulm::{Client, Error};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc};

/// Few, so that stdin is read no faster than calls are made.
const READ_AHEAD: usize = 16;

/// The first line: where the emulator is, and how to work.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    emulator: Emulator,
    workers: usize,
    idle_timeout: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Emulator {
    url: String,
    iam_url: String,
    project_id: String,
    deployment_id: String,
    model: String,
    api_key: String,
    access_key_id: String,
    secret_access_key: String,
    iam: User,
}

#[derive(Deserialize)]
struct User {
    domain: String,
    user: String,
    password: String,
}

/// A call to make.
#[derive(Deserialize)]
struct Call {
    key: String,
    client: Credential,
    kind: Kind,
    question: String,
    fault: String,
    /// In milliseconds; the client's own where there is none.
    timeout: Option<u64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Credential {
    Password,
    ApiKey,
    AccessKey,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Whole,
    Stream,
    Count,
}

/// What came of a call.
#[derive(Serialize)]
struct Outcome<'a> {
    key: &'a str,
    /// What the answer says, or said before it failed.
    text: String,
    finish: Option<String>,
    error: Option<Named>,
}

#[derive(Serialize)]
struct Named {
    kind: &'static str,
    message: String,
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    let mut lines = BufReader::new(std::io::stdin()).lines();
    let first = lines.next().context("stdin is empty")??;
    let settings: Settings = serde_json::from_str(&first).context("the first line of stdin")?;
    let clients = Arc::new(Clients::new(&settings)?);

    let (sender, calls) = mpsc::channel(READ_AHEAD);
    std::thread::spawn(move || feed(lines, &sender));
    let calls = Arc::new(Mutex::new(calls));
    let workers = (0..settings.workers).map(|_| tokio::spawn(work(clients.clone(), calls.clone())));
    for worker in workers.collect::<Vec<_>>() {
        worker.await??;
    }
    Ok(())
}

/// Hands on the lines of stdin until they end, or nobody takes them.
fn feed(lines: impl Iterator<Item = std::io::Result<String>>, sender: &mpsc::Sender<String>) {
    for line in lines.map_while(Result::ok) {
        if sender.blocking_send(line).is_err() {
            return;
        }
    }
}

async fn work(clients: Arc<Clients>, calls: Arc<Mutex<mpsc::Receiver<String>>>) -> Result<()> {
    loop {
        let next = calls.lock().await.recv().await;
        let Some(line) = next else { return Ok(()) };
        let call: Call = serde_json::from_str(&line).context("a call")?;
        let mut outcome = Outcome {
            key: &call.key,
            text: String::new(),
            finish: None,
            error: None,
        };
        if let Err(error) = make(&clients, &call, &mut outcome).await {
            outcome.error = Some(Named {
                kind: error.kind().name(),
                message: error.to_string(),
            });
        }
        let line = serde_json::to_string(&outcome)? + "\n";
        std::io::stdout().lock().write_all(line.as_bytes())?;
    }
}

async fn make(clients: &Clients, call: &Call, outcome: &mut Outcome<'_>) -> Result<(), Error> {
    let mut client = clients
        .of(call.client)
        .with_header("x-emulator-fault", &call.fault);
    if let Some(timeout) = call.timeout {
        client = client.with_timeout(Duration::from_millis(timeout));
    }
    let request = ChatRequest::new([Message::user(&*call.question)]);
    match call.kind {
        Kind::Count => {
            let count = client.tokens().count([&*call.question]).await?;
            outcome.text = count.token_number.to_string();
        }
        Kind::Whole => {
            let answer = client.chat().create(request).await?;
            outcome.text = answer.text().to_owned();
            outcome.finish = finish(
                answer
                    .choices
                    .first()
                    .and_then(|it| it.finish_reason.as_ref()),
            );
        }
        Kind::Stream => {
            let mut stream = client.chat().stream(request).await?;
            while let Some(chunk) = stream.next().await {
                let chunk = chunk?;
                outcome.text += chunk.text();
                let reason = chunk
                    .choices
                    .first()
                    .and_then(|it| it.finish_reason.as_ref());
                outcome.finish = finish(reason).or(outcome.finish.take());
            }
        }
    }
    Ok(())
}

fn finish(reason: Option<&FinishReason>) -> Option<String> {
    reason.map(|reason| reason.as_str().to_owned())
}

/// A client for each credential, shared by all workers.
struct Clients {
    password: Client,
    api_key: Client,
    access_key: Client,
}

impl Clients {
    fn new(settings: &Settings) -> Result<Self, Error> {
        let emulator = &settings.emulator;
        let builder = || {
            Client::builder()
                .endpoint(&emulator.url)
                .iam_endpoint(&emulator.iam_url)
                .project_id(&emulator.project_id)
                .idle_timeout(Duration::from_millis(settings.idle_timeout))
        };
        let v1 = || builder().deployment(&emulator.deployment_id);
        let User {
            domain,
            user,
            password,
        } = &emulator.iam;
        Ok(Self {
            password: v1().password(domain, user, password).build()?,
            api_key: builder()
                .model(&emulator.model)
                .api_key(&emulator.api_key)
                .build()?,
            access_key: v1()
                .access_key(&emulator.access_key_id, &emulator.secret_access_key)
                .build()?,
        })
    }

    fn of(&self, credential: Credential) -> &Client {
        match credential {
            Credential::Password => &self.password,
            Credential::ApiKey => &self.api_key,
            Credential::AccessKey => &self.access_key,
        }
    }
}
