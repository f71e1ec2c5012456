//! Who may come in: the credentials of V1, V2 and IAM, and the texts of their refusals.

use axum::http::StatusCode;

use crate::calendar;
use crate::call::{Call, is_signed};
use crate::reply::{Refusal, Shape};
use crate::tokens::{self, Fault};
use crate::{identity, signature};

/// V1 and everything behind the same gateway: a token or a signature of a user who may call models,
/// or an API key.
pub(crate) fn admit_v1(call: &Call) -> Result<(), Refusal> {
    let user_id = if let Some(token) = call.header("x-auth-token") {
        check_token(call, token)?
    } else if let Some(key) = call.header("x-apig-appcode") {
        return check_api_key(call, key);
    } else if is_signed(&call.parts) {
        signature::check(call)?
    } else {
        return Err(iam_refusal("APIG.0301", "x-auth-token not found"));
    };
    identity::may_call_models(&call.state, &user_id)
}

/// V2: the API key as a bearer token, and nothing else (facts: inference 2).
pub(crate) fn admit_v2(call: &Call) -> Result<(), Refusal> {
    match call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "))
    {
        Some(key) => check_api_key(call, key.trim()),
        None => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "PANGU.0012",
            "The authentication information is missing. V2 accepts only the header \
             Authorization: Bearer <API key>.",
        )),
    }
}

/// IAM: a token, refused in IAM's own shape, or a signature, refused by the gateway before it. Gives
/// the id of the user who calls.
pub(crate) fn admit_iam(call: &Call) -> Result<String, Refusal> {
    match call.header("x-auth-token") {
        Some(token) => check_token(call, token),
        None if is_signed(&call.parts) => {
            signature::check(call).map_err(|refusal| refusal.in_shape(Shape::Gateway))
        }
        None => Err(iam_refusal("APIG.0301", "x-auth-token not found")),
    }
}

/// A 401 of the documented code and beginning.
pub(crate) fn iam_refusal(code: &str, detail: &str) -> Refusal {
    let message = format!("Incorrect IAM authentication information: {detail}");
    Refusal::new(StatusCode::UNAUTHORIZED, code, message)
}

/// The id of the user whose token this is.
pub(crate) fn check_token(call: &Call, token: &str) -> Result<String, Refusal> {
    let now = call.state.clock.micros();
    let detail = match call.state.tokens.check(token, now) {
        Ok(facts) => return Ok(tokens::owner(&facts).to_owned()),
        Err(Fault::Unknown) => "decrypt token fail".to_owned(),
        // Seen as part of the text for tokens that ended early; the whole text is not known.
        Err(Fault::Revoked) => "The token must be updated".to_owned(),
        Err(Fault::Expired(at)) => {
            format!("token expires, expires_at:{}", calendar::iso_micros(at))
        }
    };
    Err(iam_refusal("APIG.0301", &detail))
}

/// The status and the choice of code are inferred; the code's text is documented.
fn check_api_key(call: &Call, key: &str) -> Result<(), Refusal> {
    if key == call.state.info.api_key {
        return Ok(());
    }
    let message = "Authentication failed. The API key is wrong.";
    Err(Refusal::new(
        StatusCode::UNAUTHORIZED,
        "PANGU.0011",
        message,
    ))
}
