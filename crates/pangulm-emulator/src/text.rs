//! Texts that are continued, and the resource pool form of both generations (facts: inference 6).
//!
//! The events of a stream were not seen: that they are those of V1 chat with the increment in
//! `choices[].text` is inferred.

use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};

use crate::call::Call;
use crate::chat::ask::{LONGEST_CONTENT, check_limits, flag};
use crate::chat::frames::Usage;
use crate::chat::stream::event_stream;
use crate::chat::{self, answer, check_deployment};
use crate::reply::{Answer, Refusal, X_EMULATED, emulated};
use crate::routes::Route;
use crate::tokenizer::{self, pieces};
use crate::{gateway, random};

pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/deployments/{deployment_id}/text/completions",
        operation_id: "createTextCompletion",
        deployment: None,
        handler: |call| Box::pin(complete(call)),
    },
    Route {
        method: Method::POST,
        path: "/v2/{project_id}/pools/{pool_id}/deployments/{deployment_id}/text/completions",
        operation_id: "createPoolTextCompletion",
        deployment: None,
        handler: |call| Box::pin(complete(call)),
    },
    Route {
        method: Method::POST,
        path: "/v2/{project_id}/pools/{pool_id}/deployments/{deployment_id}/chat/completions",
        operation_id: "createPoolChatCompletion",
        deployment: None,
        handler: |call| Box::pin(chat_in_pool(call)),
    },
];

async fn chat_in_pool(call: Call) -> Answer {
    gateway::admit_v1(&call)?;
    check_pool(&call)?;
    chat::v1(call).await
}

async fn complete(call: Call) -> Answer {
    gateway::admit_v1(&call)?;
    check_pool(&call)?;
    check_deployment(&call)?;
    let body = call.json()?;
    let stream = flag(&body, "/stream");
    check_limits(&body, stream)?;
    let text = Text::new(&call, &body)?;
    Ok(if stream {
        text.streamed(&call)
    } else {
        let choices = body.get("n").and_then(Value::as_u64).unwrap_or(1);
        text.whole(choices)
    })
}

/// Refuses a path to a pool that is not there.
fn check_pool(call: &Call) -> Result<(), Refusal> {
    let pool = call.path_value("pool_id");
    if pool.is_empty() || pool == call.state.info.pool_id {
        return Ok(());
    }
    Err(chat::no_service("no such resource pool"))
}

/// One continuation, cut into the pieces that a stream sends one by one. Every piece is a token.
struct Text {
    id: String,
    created: u64,
    pieces: Vec<String>,
    finish_reason: &'static str,
    prompt_tokens: usize,
}

impl Text {
    fn new(call: &Call, body: &Value) -> Result<Self, Refusal> {
        let prompt = body.get("prompt").and_then(Value::as_str);
        let prompt = prompt.unwrap_or_default();
        if prompt.chars().count() > LONGEST_CONTENT {
            let message = format!(
                "tolal ContentLength Illegal. /prompt has over {LONGEST_CONTENT} characters"
            );
            return Err(Refusal::bad("PANGU.3318", message));
        }
        let mut text = Self {
            id: random::uuid(),
            created: call.state.clock.seconds(),
            pieces: pieces(&answer::text(prompt))
                .into_iter()
                .map(str::to_owned)
                .collect(),
            finish_reason: "stop",
            prompt_tokens: tokenizer::count(prompt).max(1),
        };
        let most = body.get("max_tokens").and_then(Value::as_u64);
        let most = most.and_then(|most| usize::try_from(most).ok());
        if let Some(most) = most.filter(|most| *most < text.pieces.len()) {
            text.pieces.truncate(most);
            text.finish_reason = "length";
        }
        Ok(text)
    }

    fn whole(&self, choices: u64) -> Response {
        let all: Vec<Value> = (0..choices)
            .map(|index| {
                json!({
                    "index": index,
                    "text": self.pieces.concat(),
                    "finish_reason": self.finish_reason,
                })
            })
            .collect();
        let usage = Usage::new(self.prompt_tokens, self.pieces.len() * all.len());
        let answer = json!({
            "id": self.id,
            "created": self.created,
            "choices": all,
            "usage": usage,
        });
        emulated(StatusCode::OK, answer)
    }

    fn streamed(self, call: &Call) -> Response {
        let pace = call.state.options.pace;
        let events = stream::iter(self.events()).then(move |event| async move {
            tokio::time::sleep(pace).await;
            event
        });
        let mut response = event_stream(events);
        let mark = HeaderValue::from_static("true");
        response.headers_mut().insert(X_EMULATED, mark);
        response
    }

    fn events(&self) -> Vec<Bytes> {
        let chunk = |text: &str, finish_reason: Option<&str>, tokens| -> Bytes {
            let chunk = json!({
                "id": self.id,
                "created": self.created,
                "choices": [{"index": 0, "text": text, "finish_reason": finish_reason}],
                "usage": Usage::new(self.prompt_tokens, tokens),
            });
            format!("data:{chunk}\n\n").into()
        };
        let grown = self.pieces.iter().enumerate();
        let end = [
            chunk("", Some(self.finish_reason), self.pieces.len()),
            Bytes::from_static(b"data:[DONE]\n\n"),
        ];
        grown
            .map(|(at, piece)| chunk(piece, None, at + 1))
            .chain(end)
            .collect()
    }
}
