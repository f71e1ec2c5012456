//! An upstream's answer in one piece.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::chat::ask::Ask;
use crate::reply::{Refusal, plain_json};

use super::{LARGEST, failed, read};

pub(super) async fn redress(answer: reqwest::Response, ask: &Ask) -> Result<Response, Refusal> {
    let bytes = read(answer, LARGEST).await?;
    let json: Value = serde_json::from_slice(&bytes)
        .map_err(|error| failed(&format!("its answer is not JSON: {error}")))?;
    let Some(choices) = json.get("choices").and_then(Value::as_array) else {
        return Err(failed("its answer has no choices"));
    };
    let choices: Vec<Value> = (0_u64..).zip(choices).map(choice).collect();
    let usage = |name| {
        json.pointer(&format!("/usage/{name}"))
            .and_then(Value::as_u64)
            .unwrap_or(0)
    };
    let (prompt, completion) = (usage("prompt_tokens"), usage("completion_tokens"));
    let answer = json!({
        "id": ask.id,
        "object": "chat.completion",
        "created": ask.created,
        "model": ask.model,
        "choices": choices,
        "usage": {
            "prompt_tokens": prompt,
            "total_tokens": prompt.saturating_add(completion),
            "completion_tokens": completion,
        },
        "prompt_logprobs": null,
    });
    Ok(plain_json(StatusCode::OK, &answer))
}

fn choice((index, theirs): (u64, &Value)) -> Value {
    let message = theirs.get("message").unwrap_or(&Value::Null);
    let mut ours = json!({
        "role": "assistant",
        "content": message.get("content").filter(|content| content.is_string()),
        "tool_calls": message.get("tool_calls").filter(|calls| calls.is_array()).unwrap_or(&json!([])),
    });
    if let (Value::Object(members), Some(text)) = (&mut ours, reasoning(message)) {
        members.insert("reasoning_content".to_owned(), text.into());
    }
    json!({
        "index": index,
        "message": ours,
        "logprobs": null,
        "finish_reason": theirs.get("finish_reason"),
        "stop_reason": null,
    })
}

/// Servers write it under either name.
pub(super) fn reasoning(message: &Value) -> Option<&str> {
    let of = |name| {
        message
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    of("reasoning_content").or_else(|| of("reasoning"))
}
