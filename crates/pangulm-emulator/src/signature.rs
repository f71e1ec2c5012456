//! Requests signed by access key: verified by the official rules, refused in the gateway's words.
//!
//! There is the permanent key of the info line, those that were made since, and the temporary ones
//! that were given out. A temporary key goes
//! with its `X-Security-Token`. What the platform says to a permanent key with one is not known:
//! here it does not matter.

use pangulm_signer::{ReceivedRequest, SecretKey, VerifyOptions, parse_authorization, verify};

use crate::calendar;
use crate::call::Call;
use crate::gateway::iam_refusal;
use crate::reply::Refusal;
use crate::state::State;
use crate::temporary::Pair;

const CODE: &str = "APIGW.0301";

/// The id of the user whose key signed.
pub(crate) fn check(call: &Call) -> Result<String, Refusal> {
    let keys = &call.state.keys;
    let now = call.state.clock.seconds();
    let authorization = call.header("authorization").unwrap_or_default();
    let id = parse_authorization(authorization)
        .map(|parsed| parsed.access_key().to_owned())
        .unwrap_or_default();
    let temporary = call.state.temporary.find(&id);
    if temporary.is_none() && keys.is_locked(&id, now) {
        return Err(iam_refusal(
            CODE,
            "AK access failed to reach the limit,forbidden.",
        ));
    }
    let known = secret_and_user(&call.state, &id);
    let lookup = |_: &str| {
        let secret = known.as_ref().map(|(secret, _)| secret);
        secret.map(|secret| SecretKey::from(secret.clone()))
    };
    match verify(
        &received(call, &headers(call)),
        &VerifyOptions::at(now),
        &lookup,
    ) {
        Ok(_) => {
            match &temporary {
                Some(pair) => check_security_token(call, pair)?,
                None => keys.succeeded(&id),
            }
            Ok(known.map(|(_, user_id)| user_id).unwrap_or_default())
        }
        Err(pangulm_signer::Refusal::UnknownAccessKey(_)) => {
            Err(iam_refusal(CODE, "Get secretKey failed"))
        }
        Err(refusal) => {
            if temporary.is_none() {
                keys.failed(&id, now);
            }
            Err(iam_refusal(CODE, &detail(&refusal)))
        }
    }
}

/// The secret of an access key of any kind, and the id of its user.
pub(crate) fn secret_and_user(state: &State, id: &str) -> Option<(String, String)> {
    let info = &state.info;
    if id == info.access_key_id {
        return Some((info.secret_access_key.clone(), info.iam.user_id.clone()));
    }
    let temporary = state.temporary.find(id);
    temporary
        .map(|pair| (pair.secret, pair.user_id))
        .or_else(|| state.identity.access_key(id, state.clock.micros()))
}

/// The texts are those of other tokens, which is inferred.
fn check_security_token(call: &Call, pair: &Pair) -> Result<(), Refusal> {
    if call.header("x-security-token") != Some(&pair.token) {
        return Err(iam_refusal(CODE, "decrypt token fail"));
    }
    if pair.expires <= call.state.clock.micros() {
        let end = calendar::iso_micros(pair.expires);
        let text = format!("token expires, expires_at:{end}");
        return Err(iam_refusal(CODE, &text));
    }
    Ok(())
}

fn detail(refusal: &pangulm_signer::Refusal) -> String {
    use pangulm_signer::Refusal::{SignatureMismatch, SkewedClock};
    match refusal {
        SkewedClock { signed_at, now } => format!(
            "signature expired, signature time:{}, server time:{}",
            calendar::basic(*signed_at),
            calendar::basic(*now)
        ),
        // The gateway may show its own canonical request (facts: auth 1.1).
        SignatureMismatch { canonical_request } => {
            format!("verify aksk signature fail, canonicalRequest:{canonical_request}")
        }
        other => format!("verify aksk signature fail, {other}"),
    }
}

/// The headers as text; over HTTP/2 the host stands in the URI.
fn headers(call: &Call) -> Vec<(&str, &str)> {
    let headers = &call.parts.headers;
    let text = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let authority = call
        .parts
        .uri
        .authority()
        .filter(|_| !headers.contains_key("host"));
    text.chain(authority.map(|host| ("host", host.as_str())))
        .collect()
}

fn received<'a>(call: &'a Call, headers: &'a [(&'a str, &'a str)]) -> ReceivedRequest<'a> {
    ReceivedRequest {
        method: call.parts.method.as_str(),
        path: call.parts.uri.path(),
        query: call.parts.uri.query().unwrap_or_default(),
        headers,
        body: &call.body,
    }
}
