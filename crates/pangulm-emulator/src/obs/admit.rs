//! Who may call: OBS's own signatures, in a header or in a URL, checked by the signer's verifier.

use axum::http::StatusCode;
use axum::http::request::Parts;
use pangulm_signer::obs::{Refusal as Unfit, VerifyOptions, verify};
use pangulm_signer::{ReceivedRequest, SecretKey};

use super::{Asked, Operation, refuse};
use crate::reply::Refusal;
use crate::{identity, signature};

/// The hosts without a bucket in front; any other would be a custom domain.
const ENDPOINTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Whether a request carries a signature of OBS's kind.
pub(super) fn looks_signed(parts: &Parts) -> bool {
    let authorization = parts.headers.get("authorization");
    let authorization = authorization
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    authorization.starts_with("OBS ")
        || authorization.starts_with("AWS")
        || (query.contains("AccessKeyId=") && query.contains("Signature="))
}

/// Lets a request through that a known access key has signed.
pub(super) fn check(asked: &Asked, operation: Operation) -> Result<(), Refusal> {
    let state = &asked.state;
    let headers: Vec<(&str, &str)> = asked
        .parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect();
    let request = ReceivedRequest {
        method: asked.parts.method.as_str(),
        path: asked.parts.uri.path(),
        query: asked.parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body: b"",
    };
    let options = VerifyOptions::at(state.clock.seconds(), &ENDPOINTS);
    let lookup = |id: &str| {
        let known = signature::secret_and_user(state, id);
        known.map(|(secret, _)| SecretKey::from(secret))
    };
    let verified = verify(&request, &options, &lookup).map_err(|unfit| refusal(&unfit))?;
    check_security_token(asked, &verified.access_key)?;
    let user = signature::secret_and_user(state, &verified.access_key);
    let user_id = user.map(|(_, id)| id).unwrap_or_default();
    if identity::may_use_objects(state, &user_id, operation.writes()) {
        return Ok(());
    }
    let message = "The user may not do this: grant \"Tenant Administrator\", or \"Pangu OBSReadOnly\" \
                   and \"Pangu OBSWriteOnly\", to a group it is in.";
    Err(refuse(StatusCode::FORBIDDEN, "AccessDenied", message))
}

/// A temporary key goes with its token, in a header or in the URL.
fn check_security_token(asked: &Asked, access_key: &str) -> Result<(), Refusal> {
    let Some(pair) = asked.state.temporary.find(access_key) else {
        return Ok(());
    };
    let names = ["x-obs-security-token", "x-amz-security-token"];
    let given = names
        .iter()
        .find_map(|name| asked.header(name).or_else(|| asked.query(name)));
    if given != Some(&pair.token) {
        let message = "The security token is not the one of the temporary access key.";
        return Err(refuse(StatusCode::FORBIDDEN, "InvalidAccessKeyId", message));
    }
    if pair.expires <= asked.state.clock.micros() {
        let message = "The temporary access key has expired.";
        return Err(refuse(StatusCode::FORBIDDEN, "AccessDenied", message));
    }
    Ok(())
}

fn refusal(unfit: &Unfit) -> Refusal {
    let (status, code) = match unfit {
        Unfit::MissingSignature | Unfit::Expired { .. } => (StatusCode::FORBIDDEN, "AccessDenied"),
        Unfit::SkewedClock { .. } => (StatusCode::FORBIDDEN, "RequestTimeTooSkewed"),
        Unfit::UnknownAccessKey(_) => (StatusCode::FORBIDDEN, "InvalidAccessKeyId"),
        Unfit::SignatureMismatch { .. } => (StatusCode::FORBIDDEN, "SignatureDoesNotMatch"),
        _ => (StatusCode::BAD_REQUEST, "InvalidArgument"),
    };
    let mut refused = refuse(status, code, unfit.to_string());
    if let Unfit::SignatureMismatch { string_to_sign } = unfit {
        refused.string_to_sign = Some(string_to_sign.clone());
    }
    refused
}
