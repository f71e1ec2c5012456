//! The built-in answer as a stream. Each event is made when the connection takes it, so that a
//! client that goes away stops the answer, and one that reads slowly slows it.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::{Value, json};

use crate::reply::X_EMULATED;
use crate::tokenizer::pieces;

use super::answer::Plan;
use super::ask::{Ask, Dialect};
use super::frames::{Frames, Increment, Usage};

pub(super) fn respond(ask: &Ask, plan: Plan, pace: Duration) -> Response {
    let paced = stream::iter(events(ask, plan)).then(move |event| async move {
        tokio::time::sleep(pace).await;
        event
    });
    let mut response = event_stream(paced);
    response
        .headers_mut()
        .insert(X_EMULATED, HeaderValue::from_static("true"));
    response
}

/// An answer of events, each one piece of the body.
pub(crate) fn event_stream(events: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(events.map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn events(ask: &Ask, plan: Plan) -> impl Iterator<Item = Bytes> + Send + use<> {
    let frames = Frames::of(ask);
    let prompt = ask.prompt_tokens;
    let total = Usage::new(prompt, plan.tokens());
    let with_usage = ask.dialect == Dialect::V2 && ask.include_usage;
    let finish_reason = plan.finish_reason;
    // The role and a call's name cost nothing; every other piece is a token.
    let role = Increment {
        role: Some("assistant"),
        ..Increment::default()
    };
    let name = plan.tool_call.as_ref().map(|call| {
        let mut first = call.json();
        set(&mut first, "/function/arguments", Value::from(""));
        set_index(&mut first);
        tool_piece(first)
    });
    let arguments = plan
        .tool_call
        .map(|call| call.arguments)
        .unwrap_or_default();
    let arguments: Vec<String> = pieces(&arguments).into_iter().map(str::to_owned).collect();
    let reasoning = plan.reasoning.into_iter().map(|text| Increment {
        reasoning_content: Some(text),
        ..Increment::default()
    });
    let content = plan.content.into_iter().map(|text| Increment {
        content: Some(text),
        ..Increment::default()
    });
    let arguments = arguments
        .into_iter()
        .map(|text| tool_piece(json!({"index": 0, "function": {"arguments": text}})));
    let free = |increment| (increment, 0);
    let token = |increment| (increment, 1);
    let increments = std::iter::once(role)
        .map(free)
        .chain(reasoning.chain(content).map(token))
        .chain(name.into_iter().map(free))
        .chain(arguments.map(token));
    let mut used = 0;
    let mut steps: Vec<(Increment, Usage)> = Vec::new();
    for (increment, tokens) in increments {
        used += tokens;
        steps.push((increment, Usage::new(prompt, used)));
    }
    let end = [
        Some(frames.chunk(0, &Increment::default(), Some(finish_reason), total)),
        with_usage.then(|| frames.usage(total)),
        Some(frames.done()),
    ];
    steps
        .into_iter()
        .map(move |(increment, usage)| frames.chunk(0, &increment, None, usage))
        .chain(end.into_iter().flatten())
}

fn tool_piece(call: Value) -> Increment {
    Increment {
        tool_calls: Some(Value::Array(vec![call])),
        ..Increment::default()
    }
}

fn set(value: &mut Value, pointer: &str, to: Value) {
    if let Some(member) = value.pointer_mut(pointer) {
        *member = to;
    }
}

fn set_index(call: &mut Value) {
    if let Value::Object(members) = call {
        members.insert("index".to_owned(), Value::from(0));
    }
}
