//! IAM: temporary access keys.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::calendar;
use crate::call::{Call, is_signed};
use crate::gateway;
use crate::iam;
use crate::reply::{Answer, Refusal, emulated};
use crate::routes::Route;

/// The route of temporary access keys.
pub(crate) static ROUTES: &[Route] = &[Route {
    method: Method::POST,
    path: "/v3.0/OS-CREDENTIAL/securitytokens",
    operation_id: "createTemporaryAccessKey",
    deployment: None,
    handler: |call| Box::pin(create(call)),
}];

/// IAM's own default life, 15 minutes (facts: auth 3.5).
const SECONDS: u64 = 900;

/// POST /v3.0/OS-CREDENTIAL/securitytokens: a pair for the caller's own account or by the agency.
pub(crate) async fn create(call: Call) -> Answer {
    let body = call.json()?;
    let identity = body.pointer("/auth/identity").unwrap_or(&Value::Null);
    let asked = match iam::methods(identity)[..] {
        ["token"] => identity.get("token"),
        ["assume_role"] => {
            iam::check_agency(&call, identity)?;
            identity.get("assume_role")
        }
        _ => {
            let message = "identity.methods must be [\"token\"] or [\"assume_role\"].";
            return Err(Refusal::bad("IAM.0011", message));
        }
    };
    let user_id = admit(&call, asked)?;
    let seconds = asked
        .and_then(|asked| asked.get("duration_seconds"))
        .and_then(Value::as_u64)
        .unwrap_or(SECONDS);
    let expires = call.state.clock.micros() + seconds * 1_000_000;
    let pair = call.state.temporary.issue(expires, &user_id);
    Ok(emulated(
        StatusCode::CREATED,
        json!({"credential": {
            "access": pair.id,
            "secret": pair.secret,
            "securitytoken": pair.token,
            "expires_at": calendar::iso_micros(expires),
        }}),
    ))
}

/// Header and signature come before the token in the body (facts: auth 3.5).
fn admit(call: &Call, asked: Option<&Value>) -> Result<String, Refusal> {
    let in_body = asked
        .and_then(|asked| asked.get("id"))
        .and_then(Value::as_str);
    match in_body {
        Some(token) if call.header("x-auth-token").is_none() && !is_signed(&call.parts) => {
            gateway::check_token(call, token)
        }
        _ => gateway::admit_iam(call),
    }
}
