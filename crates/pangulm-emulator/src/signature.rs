//! Requests signed by access key: verified by the official rules, refused in the gateway's words.
//!
//! Emulated so far: one permanent key. An `X-Security-Token` is part of what is signed, but its
//! value is not checked.

use pangulm_signer::{ReceivedRequest, SecretKey, VerifyOptions, verify};

use crate::calendar;
use crate::call::Call;
use crate::gateway::iam_refusal;
use crate::reply::Refusal;

const CODE: &str = "APIGW.0301";

pub(crate) fn check(call: &Call) -> Result<(), Refusal> {
    let (info, keys) = (&call.state.info, &call.state.keys);
    let now = call.state.clock.seconds();
    if keys.is_locked(now) {
        return Err(iam_refusal(
            CODE,
            "AK access failed to reach the limit,forbidden.",
        ));
    }
    let lookup = |id: &str| {
        (id == info.access_key_id).then(|| SecretKey::from(info.secret_access_key.clone()))
    };
    match verify(
        &received(call, &headers(call)),
        &VerifyOptions::at(now),
        &lookup,
    ) {
        Ok(_) => {
            keys.succeeded();
            Ok(())
        }
        Err(pangulm_signer::Refusal::UnknownAccessKey(_)) => {
            Err(iam_refusal(CODE, "Get secretKey failed"))
        }
        Err(refusal) => {
            keys.failed(now);
            Err(iam_refusal(CODE, &detail(&refusal)))
        }
    }
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
