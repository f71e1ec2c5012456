//! The scenarios that every driver runs, by the native client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

#[path = "../../../tests/support/scenario.rs"]
mod scenario;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pangulm::chat::{ChatRequest, ChatStream, Message};
use pangulm::{Client, ClientBuilder, Error, Token};
use pangulm_emulator::{Emulator, Options, Running};
use serde_json::{Map, Value};

use scenario::{Outcome, Step, World, with_all_scenarios};

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        /// The names of the files that are run.
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[tokio::test]
        async fn $name() {
            run(include_str!(concat!("../../../tests/scenarios/", stringify!($name), ".json"))).await;
        })*
    };
}
with_all_scenarios!(tests);

#[test]
fn no_scenario_file_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios");
    let files = std::fs::read_dir(folder).unwrap();
    let mut found: Vec<String> = files
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
}

async fn run(story: &str) {
    let running = Emulator::start(Options::default()).unwrap();
    let info = serde_json::to_value(&running.info).unwrap();
    let http = reqwest::Client::new();
    let world = Native {
        running,
        info,
        http,
    };
    scenario::run(&world, story).await;
}

struct Native {
    running: Running,
    info: Value,
    http: reqwest::Client,
}

impl World for Native {
    type Client = Client;

    fn names(&self) -> &[&str] {
        &["native"]
    }

    fn info(&self) -> &Value {
        &self.info
    }

    async fn client(&self, options: &Map<String, Value>) -> Result<Client, Error> {
        let mut builder = Client::builder();
        for (name, value) in options {
            builder = set(builder, name, value);
        }
        with_credentials(builder, options).build()
    }

    async fn call(&self, client: &Client, step: &Step) -> Outcome {
        let client = step
            .headers
            .iter()
            .fold(client.clone(), |client, (name, value)| {
                client.with_header(name, value)
            });
        let outcome = match (step.operation.as_str(), step.stream) {
            ("chat", false) => whole(&client, step).await,
            ("chat", true) => match client.chat().stream(chat_request(step)).await {
                Ok(stream) => Ok(read(stream, step).await),
                Err(error) => Err(error),
            },
            _ => request(&client, step).await,
        };
        outcome.unwrap_or_else(Outcome::from)
    }

    async fn ask(&self, path: &str, body: Option<&Value>) -> (Value, Option<String>) {
        let url = format!("{}{path}", self.running.info.url);
        let request = match body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let answer = request.send().await.unwrap();
        let token = answer.headers().get("x-subject-token");
        let token = token.map(|token| token.to_str().unwrap().to_owned());
        (answer.json().await.unwrap(), token)
    }

    async fn pause(&self) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn set(builder: ClientBuilder, name: &str, value: &Value) -> ClientBuilder {
    let text = || value.as_str().unwrap();
    let number = || value.as_u64().unwrap();
    let time = || Duration::from_millis(number());
    match name {
        "endpoint" => builder.endpoint(text()),
        "iamEndpoint" => builder.iam_endpoint(text()),
        "projectId" => builder.project_id(text()),
        "deployment" => builder.deployment(text()),
        "model" => builder.model(text()),
        "apiKey" => builder.api_key(text()),
        "token" => builder.token(text()),
        "tokens" => with_tokens(builder, value),
        "timeout" => builder.timeout(time()),
        "idleTimeout" => builder.idle_timeout(time()),
        "maxRetries" => builder.max_retries(u32::try_from(number()).unwrap()),
        "requestsPerSecond" => builder.requests_per_second(u32::try_from(number()).unwrap()),
        "maxConcurrency" => builder.max_concurrency(u32::try_from(number()).unwrap()),
        "maxAnswerBytes" => builder.max_answer_bytes(usize::try_from(number()).unwrap()),
        // Credentials of several parts.
        "domain" | "user" | "password" | "accessKeyId" | "secretAccessKey" | "securityToken" => {
            builder
        }
        _ => panic!("the option {name} is not known here"),
    }
}

fn with_credentials(builder: ClientBuilder, options: &Map<String, Value>) -> ClientBuilder {
    let text = |name: &str| options.get(name).and_then(Value::as_str);
    let builder = match (text("domain"), text("user"), text("password")) {
        (Some(domain), Some(user), Some(password)) => builder.password(domain, user, password),
        _ => builder,
    };
    match (
        text("accessKeyId"),
        text("secretAccessKey"),
        text("securityToken"),
    ) {
        (Some(id), Some(secret), None) => builder.access_key(id, secret),
        (Some(id), Some(secret), Some(token)) => builder.temporary_access_key(id, secret, token),
        _ => builder,
    }
}

/// The last token is given again and again.
fn with_tokens(builder: ClientBuilder, tokens: &Value) -> ClientBuilder {
    let tokens: Vec<String> = serde_json::from_value(tokens.clone()).unwrap();
    let left = Arc::new(Mutex::new(tokens));
    builder.token_function(move || {
        let mut left = left.lock().unwrap();
        let token = if left.len() > 1 {
            left.remove(0)
        } else {
            left[0].clone()
        };
        async move { Ok(Token::new(&token)) }
    })
}

async fn whole(client: &Client, step: &Step) -> Result<Outcome, Error> {
    let completion = client.chat().create(chat_request(step)).await?;
    Ok(Outcome {
        answer: serde_json::from_str(completion.json()).unwrap(),
        ..Outcome::default()
    })
}

async fn request(client: &Client, step: &Step) -> Result<Outcome, Error> {
    let parameters = step.parameters.iter();
    let parameters: Vec<_> = parameters
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let response = client
        .request(&step.operation, &parameters, step.body.as_ref())
        .await?;
    Ok(Outcome {
        answer: response.json()?,
        ..Outcome::default()
    })
}

async fn read(mut stream: ChatStream, step: &Step) -> Outcome {
    let mut outcome = Outcome::default();
    let mut chunks = 0;
    while step.leave_after != Some(chunks) {
        match stream.next().await {
            Some(Ok(_)) => chunks += 1,
            Some(Err(error)) => outcome.error = Some(error),
            None => break,
        }
    }
    outcome.chunks = Some(chunks);
    outcome.answer = serde_json::from_str(stream.partial().unwrap().json()).unwrap();
    outcome
}

fn chat_request(step: &Step) -> ChatRequest {
    let body = step.body.as_ref().and_then(Value::as_object).unwrap();
    let messages: Vec<Message> = serde_json::from_value(body["messages"].clone()).unwrap();
    let request = ChatRequest::new(messages);
    body.iter().fold(request, |request, (name, value)| {
        match (name.as_str(), value) {
            ("messages", _) => request,
            ("deployment", Value::String(id)) => request.deployment(id),
            ("pool", Value::String(id)) => request.pool(id),
            ("model", Value::String(name)) => request.model(name),
            _ => request.extra(name, value.clone()),
        }
    })
}
