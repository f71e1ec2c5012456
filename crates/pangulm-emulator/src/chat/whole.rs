//! The built-in answer in one piece.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::reply::emulated;

use super::answer::Plan;
use super::ask::Ask;
use super::frames::Usage;

/// The documented members, null ones included (facts: inference 3.2).
pub(super) fn respond(ask: &Ask, plan: &Plan) -> Response {
    let choices: Vec<Value> = (0..ask.choices).map(|index| choice(plan, index)).collect();
    let usage = Usage::new(ask.prompt_tokens, plan.tokens() * choices.len());
    let answer = json!({
        "id": ask.id,
        "object": "chat.completion",
        "created": ask.created,
        "model": ask.model,
        "choices": choices,
        "usage": usage,
        "prompt_logprobs": null,
    });
    emulated(StatusCode::OK, answer)
}

fn choice(plan: &Plan, index: u64) -> Value {
    let calls: Vec<Value> = plan.tool_call.iter().map(|call| call.json()).collect();
    let mut message = json!({
        "role": "assistant",
        "content": plan.content.concat(),
        "tool_calls": calls,
    });
    if let (Value::Object(members), false) = (&mut message, plan.reasoning.is_empty()) {
        members.insert(
            "reasoning_content".to_owned(),
            plan.reasoning.concat().into(),
        );
    }
    json!({
        "index": index,
        "message": message,
        "logprobs": null,
        "finish_reason": plan.finish_reason,
        "stop_reason": null,
    })
}
