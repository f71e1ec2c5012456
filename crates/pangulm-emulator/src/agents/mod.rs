//! Agents and workflows: conversations whose ids the caller makes up (facts: platform 2).

mod agent;
mod conversations;
mod workflow;

pub(crate) use conversations::Conversations;

use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use serde_json::Value;

use crate::call::Call;
use crate::chat::stream::event_stream;
use crate::gateway;
use crate::reply::{Refusal, X_EMULATED};
use crate::routes::Route;

pub(crate) static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/agents/{agent_id}/conversations/{conversation_id}",
        operation_id: "runAgent",
        deployment: None,
        handler: |call| Box::pin(agent::run(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/agent-run/agents/{agent_id}/conversations/{conversation_id}",
        operation_id: "runAgentLegacy",
        deployment: None,
        handler: |call| Box::pin(agent::run(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/workflows/{workflow_id}/conversations/{conversation_id}",
        operation_id: "runWorkflow",
        deployment: None,
        handler: |call| Box::pin(workflow::run(call)),
    },
    Route {
        method: Method::POST,
        path: "/v1/{project_id}/agent-run/workflows/{workflow_id}/conversations/{conversation_id}",
        operation_id: "runWorkflowLegacy",
        deployment: None,
        handler: |call| Box::pin(workflow::run(call)),
    },
];

/// Lets in who may run one of `known` in a well-formed conversation, and gives the conversation's id.
fn admit(call: &Call, parameter: &str, known: &[&str]) -> Result<String, Refusal> {
    gateway::admit_v1(call)?;
    let id = call.path_value(parameter);
    if call.path_value("project_id") != call.state.info.project_id || !known.contains(&id) {
        // The code's text is documented, its use for agents is inferred.
        let message = format!("The requested resource does not exist. No such {parameter}.");
        return Err(Refusal::new(StatusCode::NOT_FOUND, "PANGU.3254", message));
    }
    let conversation = call.path_value("conversation_id");
    if !is_uuid(conversation) {
        let message = "parameter illegal. conversation_id must be a UUID";
        return Err(Refusal::bad("PANGU.0010", message));
    }
    Ok(format!("{id}/{conversation}"))
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(digits)
}

/// What the header `stream` says, if it is there.
fn wants_stream(call: &Call) -> Result<Option<bool>, Refusal> {
    match call.header("stream") {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(Refusal::bad(
            "PANGU.0010",
            "parameter illegal. The header stream must be true or false",
        )),
    }
}

/// The events of a run, one at a time.
fn respond(call: &Call, events: Vec<Value>) -> Response {
    let pace = call.state.options.pace;
    let events = stream::iter(events).then(move |event| async move {
        tokio::time::sleep(pace).await;
        Bytes::from(format!("data:{event}\n\n"))
    });
    let mut response = event_stream(events);
    let mark = HeaderValue::from_static("true");
    response.headers_mut().insert(X_EMULATED, mark);
    response
}
