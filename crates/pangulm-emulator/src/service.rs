//! Deployed models below `…/infer-api/proxy/service/{deployment_id}`: what vision and prediction share.

use axum::http::StatusCode;
use serde_json::Value;

use crate::call::Call;
use crate::chat::no_service;
use crate::gateway;
use crate::reply::{Answer, Refusal, emulated};

/// The path that most models have; a trailing slash does not matter.
pub(crate) const PATH: &str = "/v1/{project_id}/infer-api/proxy/service/{deployment_id}";

/// A row of a table of routes: operation, path, deployment, and the function from body to answer.
macro_rules! model {
    ($operation:literal, $path:expr, $deployment:literal, $answer:expr) => {
        crate::routes::Route {
            method: axum::http::Method::POST,
            path: $path,
            operation_id: $operation,
            deployment: Some($deployment),
            handler: |call| Box::pin(async move { crate::service::answer(&call, $answer) }),
        }
    };
}

pub(crate) use model;

/// Lets the caller in, checks the body, and has it answered.
pub(crate) fn answer(call: &Call, answer: impl Fn(&Value) -> Result<Value, Refusal>) -> Answer {
    admit(call)?;
    Ok(emulated(StatusCode::OK, answer(&call.json()?)?))
}

/// Lets in who may call the gateway's V1, in the one project. The route has seen to the deployment.
pub(crate) fn admit(call: &Call) -> Result<(), Refusal> {
    gateway::admit_v1(call)?;
    if call.path_value("project_id") == call.state.info.project_id {
        return Ok(());
    }
    Err(no_service("no such project"))
}

/// 400 for a member that the documentation rules out.
pub(crate) fn bad(member: &str, what: impl std::fmt::Display) -> Refusal {
    Refusal::bad(
        "PANGU.0010",
        format!("parameter illegal. /{member}: {what}"),
    )
}
