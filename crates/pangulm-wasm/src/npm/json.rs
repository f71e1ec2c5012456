//! Writing the JSON that crosses to TypeScript.

use pangulm_core::Error;
use pangulm_core::escape::json_string_into;
use pangulm_core::text::{digits, lossy};

/// A JSON object under construction.
pub(super) struct Object {
    text: String,
}

impl Object {
    pub(super) fn new() -> Self {
        // Room for most answers: growing costs more than writing.
        let mut text = String::with_capacity(1024);
        text.push('{');
        Self { text }
    }

    pub(super) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.name(name);
        json_string_into(&mut self.text, value);
        self
    }

    pub(super) fn optional(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(super) fn number(&mut self, name: &str, value: u64) -> &mut Self {
        self.raw(name, &digits(value))
    }

    /// A value that is JSON already.
    pub(super) fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name).push_str(json);
        self
    }

    pub(super) fn numbers(&mut self, name: &str, values: impl Iterator<Item = u64>) -> &mut Self {
        self.raw(name, &list(values.map(digits)))
    }

    /// The number of something that TypeScript holds from now on.
    pub(super) fn held(&mut self, number: u32) -> &mut Self {
        self.number("held", u64::from(number))
    }

    /// Says that the second wasm file is needed for an answer.
    pub(super) fn rest(&mut self) {
        self.raw("rest", "true");
    }

    pub(super) fn error(&mut self, name: &str, error: &Error) -> &mut Self {
        self.raw(name, &error_json(error))
    }

    pub(super) fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }

    /// Writes a name, which needs no escapes, and gives the text that its value is to be appended to.
    pub(super) fn name(&mut self, name: &str) -> &mut String {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        &mut self.text
    }
}

/// A JSON list of values that are JSON already.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

pub(super) fn string(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json_string_into(&mut json, text);
    json
}

/// An error with everything it knows; the predicates that hold are named in `is`.
fn error_json(error: &Error) -> String {
    let predicates = [
        ("invalidInput", error.is_invalid_input()),
        ("auth", error.is_auth()),
        ("throttled", error.is_throttled()),
        ("connect", error.is_connect()),
        ("timeout", error.is_timeout()),
        ("truncated", error.is_truncated()),
        ("stalled", error.is_stalled()),
        ("inStream", error.is_in_stream()),
        ("contentFiltered", error.is_content_filtered()),
        ("outOfResources", error.is_out_of_resources()),
        ("notFound", error.is_not_found()),
        ("jobFailed", error.is_job_failed()),
        ("transient", error.is_transient()),
    ];
    let holding = predicates
        .iter()
        .filter(|(_, holds)| *holds)
        .map(|(name, _)| string(name));
    let mut object = Object::new();
    object
        .text("kind", error.kind().name())
        .text("message", &error.line())
        .text("detail", error.message())
        .raw("is", &list(holding))
        .number("attempts", u64::from(error.attempts()))
        .optional("operation", error.operation())
        .optional("field", error.field())
        .optional("code", error.code())
        .optional("requestId", error.request_id())
        .optional("remedy", error.remedy())
        .optional("body", error.body().map(lossy).as_deref());
    if let Some(status) = error.status() {
        object.number("status", u64::from(status));
    }
    if let Some(wait) = error.retry_after_ms() {
        object.number("retryAfter", wait);
    }
    object.finish()
}
