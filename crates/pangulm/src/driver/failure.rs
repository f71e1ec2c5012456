//! Failures of the transport, in the engine's terms.

use std::error::Error as _;

use pangulm_core::call::{Failure, FailureKind};

/// What a failure of reqwest means.
pub(crate) fn of_reqwest(error: &reqwest::Error) -> Failure {
    // The time for connecting can run out too: that is no connection, not a late answer.
    let kind = if error.is_connect() {
        FailureKind::NotConnected
    } else if error.is_timeout() {
        FailureKind::TimedOut
    } else {
        FailureKind::Broken
    };
    let reason = reason(error);
    let message = match (kind, error.url().and_then(host)) {
        (FailureKind::NotConnected, Some(host)) => format!("{host}: {reason}"),
        _ => reason,
    };
    Failure { kind, message }
}

pub(crate) fn timed_out() -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message: "the time ran out".to_owned(),
    }
}

pub(super) fn too_large() -> Failure {
    Failure {
        kind: FailureKind::TooLarge,
        message: "the body is larger than the limit".to_owned(),
    }
}

/// The innermost cause, which names the fault; the outer ones only say where it passed.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut innermost = error.source();
    while let Some(cause) = innermost.and_then(|cause| cause.source()) {
        innermost = Some(cause);
    }
    match innermost {
        Some(cause) => cause.to_string(),
        None => "the request failed".to_owned(),
    }
}

fn host(url: &reqwest::Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}
