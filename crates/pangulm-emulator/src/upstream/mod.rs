//! Chats that a server of the user's answers, in OpenAI's form, dressed as the dialect asked for.

mod request;
mod stream;
mod whole;

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use reqwest::{Client, Response, Url};

use crate::chat::ask::Ask;
use crate::error::Error;
use crate::options;
use crate::reply::{Answer, Refusal};

/// What came from an upstream says so.
const X_UPSTREAM: &str = "x-emulator-upstream";

const CONNECT: Duration = Duration::from_secs(10);
const LARGEST: usize = 16 * 1024 * 1024;
const LONGEST_EXCERPT: usize = 500;

pub(crate) struct Upstream {
    client: Client,
    url: Url,
    model: String,
    api_key: Option<String>,
}

impl Upstream {
    pub(crate) fn new(options: &options::Upstream) -> Result<Self, Error> {
        let wrong = |why: String| Error::option("upstream", why);
        let address = format!("{}/chat/completions", options.url.trim_end_matches('/'));
        let url = Url::parse(&address).map_err(|error| {
            wrong(format!(
                "{:?} is no URL: {error}; try http://127.0.0.1:8000/v1",
                options.url
            ))
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong(format!("{:?} is not http or https", options.url)));
        }
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let (model, api_key) = (options.model.clone(), options.api_key.clone());
        Ok(Self {
            client,
            url,
            model,
            api_key,
        })
    }
}

/// Asks the upstream and hands its answer on.
pub(crate) async fn forward(upstream: &Upstream, ask: Ask) -> Answer {
    let mut post = upstream
        .client
        .post(upstream.url.clone())
        .json(&request::body(&ask, &upstream.model));
    if let Some(key) = &upstream.api_key {
        post = post.bearer_auth(key);
    }
    // Without its URL, which may hold a password.
    let answer = post
        .send()
        .await
        .map_err(|error| failed(&causes(&error.without_url())))?;
    if !answer.status().is_success() {
        let status = answer.status();
        let body = read(answer, LONGEST_EXCERPT * 4).await.unwrap_or_default();
        let excerpt: String = String::from_utf8_lossy(&body)
            .chars()
            .take(LONGEST_EXCERPT)
            .collect();
        return Err(failed(&format!("it answered {status}: {excerpt}")));
    }
    let mut response = if ask.stream {
        stream::redress(answer, ask)?
    } else {
        whole::redress(answer, &ask).await?
    };
    if let Ok(model) = HeaderValue::from_str(&upstream.model) {
        response.headers_mut().insert(X_UPSTREAM, model);
    }
    Ok(response)
}

/// The code is the one observed for a failed inference service; the status is the emulator's.
fn failed(why: &str) -> Refusal {
    let message = format!("Failed to invoke the inference service. The upstream failed: {why}");
    Refusal::new(StatusCode::BAD_GATEWAY, "PANGU.3342", message)
}

/// An error with what caused it: reqwest's own text alone is "error sending request".
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The body, or its first `limit` bytes.
async fn read(mut answer: Response, limit: usize) -> Result<Bytes, Refusal> {
    let mut body = Vec::new();
    while body.len() < limit {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(failed(&causes(&error.without_url()))),
        }
    }
    body.truncate(limit);
    Ok(body.into())
}
