//! Failures of fetch, in the engine's terms.

use js_sys::Reflect;
use pangulm_core::call::{Failure, FailureKind};
use wasm_bindgen::JsValue;

/// Codes of failures before any byte was sent, as Node, Deno and Bun name them. Browsers name none.
const NOT_CONNECTED: [&str; 7] = [
    "ConnectionRefused",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "UND_ERR_CONNECT_TIMEOUT",
];

/// What a rejection of fetch means.
pub(super) fn of_fetch(reason: &JsValue, url: &str) -> Failure {
    let coded = |reason: &JsValue| {
        text(reason, "code").is_some_and(|code| NOT_CONNECTED.contains(&code.as_str()))
    };
    let kind = if causes(reason).iter().any(coded) {
        FailureKind::NotConnected
    } else {
        FailureKind::Broken
    };
    let mut message = describe(reason);
    if is_elsewhere(url) {
        message.push_str(". Seen from a page, a service that does not allow cross-origin calls looks like this too, and the platform's gateway does not by default: call it through a proxy on the page's own origin");
    }
    Failure { kind, message }
}

/// The connection broke while an answer was being read.
pub(super) fn of_reading(reason: &JsValue) -> Failure {
    broken(describe(reason))
}

pub(super) fn broken(message: impl Into<String>) -> Failure {
    Failure {
        kind: FailureKind::Broken,
        message: message.into(),
    }
}

pub(super) fn timed_out() -> Failure {
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

/// A JavaScript error and its causes in words, each once.
pub(super) fn describe(reason: &JsValue) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in causes(reason) {
        let words = text(&cause, "message").or_else(|| cause.as_string());
        if let Some(words) = words.filter(|words| !words.is_empty() && !said.contains(words)) {
            said.push(words);
        }
    }
    if said.is_empty() {
        format!("{reason:?}")
    } else {
        said.join(": ")
    }
}

/// The error and what caused it, at most four of them.
fn causes(reason: &JsValue) -> Vec<JsValue> {
    let mut found = vec![reason.clone()];
    while let Some(cause) = found.last().and_then(|last| member(last, "cause")) {
        if found.len() == 4 {
            break;
        }
        found.push(cause);
    }
    found
}

/// Whether there is an origin of our own, and the address has another.
fn is_elsewhere(url: &str) -> bool {
    member(&js_sys::global(), "location")
        .and_then(|location| text(&location, "origin"))
        .is_some_and(|origin| !url.starts_with(&format!("{origin}/")))
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    member(object, name)?.as_string()
}

fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    // Reflect throws where there is no object.
    let found = Reflect::get(object, &name.into()).ok()?;
    (!found.is_undefined() && !found.is_null()).then_some(found)
}
