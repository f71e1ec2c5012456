//! Token counting (facts: inference 7).

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::call::Call;
use crate::chat::answer;
use crate::reply::{Answer, Refusal, emulated};
use crate::routes::Route;
use crate::{gateway, tokenizer};

/// The route of token counting.
pub(crate) static ROUTES: &[Route] = &[Route {
    method: Method::POST,
    path: "/v1/{project_id}/deployments/{deployment_id}/caltokens",
    operation_id: "countTokens",
    deployment: None,
    handler: |call| Box::pin(count(call)),
}];

pub(crate) async fn count(call: Call) -> Answer {
    gateway::admit_v1(&call)?;
    crate::chat::check_deployment(&call)?;
    let body = call.json()?;
    let data: Vec<&str> = body
        .get("data")
        .and_then(Value::as_array)
        .map(|items| items.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    if data.len().is_multiple_of(2) {
        let message = format!(
            "parameter illegal. /data: a dialogue of questions and answers ends with a question, \
             so the number of texts must be odd, not {}",
            data.len()
        );
        return Err(Refusal::bad("PANGU.0010", message));
    }
    // What "false" adds, by the documentation: the text that inference would generate.
    let generated = match body.get("with_prompt").and_then(Value::as_bool) {
        Some(false) => answer::text(data.last().unwrap_or(&"")),
        Some(true) | None => String::new(),
    };
    let texts = data.iter().copied().chain([generated.as_str()]);
    let tokens: Vec<&str> = texts.flat_map(tokenizer::tokens).collect();
    Ok(emulated(
        StatusCode::OK,
        json!({"token_number": tokens.len(), "tokens": tokens}),
    ))
}
