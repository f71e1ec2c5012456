//! The scenarios that every driver runs, by the client for Rust on the web; in Node, or in a page
//! where the runner is told to use a browser.

#![cfg(all(target_arch = "wasm32", feature = "web"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

#[path = "../../../tests/support/scenario.rs"]
mod scenario;
mod support;

use std::cell::RefCell;
use std::collections::VecDeque;

use pangulm_wasm::web::{ChatStream, Client, Error, Options, Secret, SigningKey, Token};
use serde_json::{Map, Value};
use wasm_bindgen_test::wasm_bindgen_test;

use scenario::{Outcome, Step, World, with_all_scenarios};
use support::{ask, emulator, is_page, sleep};

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        $(#[wasm_bindgen_test]
        async fn $name() {
            run(include_str!(concat!("../../../tests/scenarios/", stringify!($name), ".json"))).await;
        })*
    };
}
with_all_scenarios!(tests);

async fn run(story: &str) {
    let info = emulator();
    scenario::run(&Web { info }, story).await;
}

struct Web {
    info: Value,
}

impl World for Web {
    type Client = Client;

    fn names(&self) -> &[&str] {
        if is_page() {
            &["web", "page"]
        } else {
            &["web"]
        }
    }

    fn info(&self) -> &Value {
        &self.info
    }

    async fn client(&self, options: &Map<String, Value>) -> Result<Client, Error> {
        let mut made = Options::default();
        for (name, value) in options {
            match name.as_str() {
                "tokens" => made = with_tokens(made, value),
                "signingKey" => {}
                _ => made.settings.set(name, &plain(value))?,
            }
        }
        if let Some(secret) = options.get("signingKey").and_then(Value::as_str) {
            let key = SigningKey::import(secret).await?;
            assert!(!key.as_crypto_key().extractable());
            made = made.signing_key(plain(&options["accessKeyId"]), key);
        }
        Client::new(made.accept_secrets_in_page())
    }

    async fn call(&self, client: &Client, step: &Step) -> Outcome {
        let client = step
            .headers
            .iter()
            .fold(client.clone(), |client, (name, value)| {
                client.with_header(name, value)
            });
        let body = step.body.as_ref().map(Value::to_string);
        let chat = body.as_deref().unwrap_or_default();
        let answer = match (step.operation.as_str(), step.stream) {
            ("chat", false) => client.chat().create(chat).await,
            ("chat", true) => match client.chat().stream(chat).await {
                Ok(stream) => return read(stream, step).await,
                Err(error) => Err(error),
            },
            (operation, _) => {
                let parameters = step.parameters.iter();
                let parameters: Vec<_> = parameters
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                client.call(operation, &parameters, body.as_deref()).await
            }
        };
        match answer {
            Ok(answer) => Outcome {
                answer: serde_json::from_str(&answer.body).unwrap(),
                ..Outcome::default()
            },
            Err(error) => error.into(),
        }
    }

    async fn ask(&self, path: &str, body: Option<&Value>) -> (Value, Option<String>) {
        let url = format!("{}{path}", self.info["url"].as_str().unwrap());
        ask(&url, body).await
    }

    async fn pause(&self) {
        sleep(20).await;
    }
}

/// A value as [`pangulm_wasm::web::Settings::set`] takes it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The last token is given again and again.
fn with_tokens(options: Options, tokens: &Value) -> Options {
    let tokens: VecDeque<String> = serde_json::from_value(tokens.clone()).unwrap();
    let left = RefCell::new(tokens);
    options.token_function(async move || {
        let mut left = left.borrow_mut();
        let token = if left.len() > 1 {
            left.pop_front().unwrap()
        } else {
            left[0].clone()
        };
        Ok(Token {
            token: Secret::new(&token),
            lifetime_ms: None,
        })
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
    outcome.answer = serde_json::from_str(&stream.message()).unwrap();
    outcome
}
