//! How the parts of this project make errors.

use super::{Error, ErrorKind, Facts};
use crate::text::{concat, first, lossy};

/// How much of an answer that could not be used an error keeps, in bytes.
const BODY_KEPT: usize = 64 * 1024;
/// How much of it the message shows, in characters.
const EXCERPT: usize = 160;

/// Makes an [`Error`] out of what is known of it.
#[derive(Clone)]
pub struct ErrorBuilder {
    facts: Box<Facts>,
}

impl Error {
    /// Starts an error of this kind with a message for people.
    #[must_use]
    pub fn builder(kind: ErrorKind, message: impl Into<String>) -> ErrorBuilder {
        ErrorBuilder {
            facts: Box::new(Facts {
                kind,
                message: message.into(),
                operation: None,
                field: None,
                status: None,
                code: None,
                request_id: None,
                retry_after_ms: None,
                body: None,
                attempts: 0,
                remedy: None,
                #[cfg(feature = "causes")]
                cause: None,
            }),
        }
    }

    /// A value that cannot be sent: which one, and what would do instead.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::builder(ErrorKind::InvalidInput, message)
            .field(field)
            .build()
    }

    /// The same error with more known about it.
    #[must_use]
    pub fn into_builder(self) -> ErrorBuilder {
        ErrorBuilder { facts: self.facts }
    }
}

impl ErrorBuilder {
    /// The operation that failed.
    #[must_use]
    pub fn operation(mut self, id: &'static str) -> Self {
        self.facts.operation = Some(id);
        self
    }

    /// The option, parameter or member at fault.
    #[must_use]
    pub fn field(mut self, name: &str) -> Self {
        self.facts.field = Some(name.to_owned());
        self
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.facts.status = Some(status);
        self
    }

    /// The service's error code.
    #[must_use]
    pub fn code(mut self, code: Option<String>) -> Self {
        self.facts.code = code;
        self
    }

    /// The service's id of the request, unless one is known already.
    #[must_use]
    pub fn request_id(mut self, id: Option<String>) -> Self {
        if self.facts.request_id.is_none() {
            self.facts.request_id = id;
        }
        self
    }

    /// How long the service asked to wait.
    #[must_use]
    pub fn retry_after_ms(mut self, wait: Option<u64>) -> Self {
        self.facts.retry_after_ms = wait;
        self
    }

    /// How many requests were sent.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.facts.attempts = attempts;
        self
    }

    /// What to do about it, in place of what is known of code and status.
    #[must_use]
    pub fn remedy(mut self, remedy: &'static str) -> Self {
        self.facts.remedy = Some(remedy);
        self
    }

    /// The error of a function of the caller's own, which ended the call.
    #[cfg(feature = "causes")]
    #[must_use]
    pub fn cause(mut self, error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        self.facts.cause = Some(error.into());
        self
    }

    /// Keeps the beginning of an answer that could not be used.
    #[must_use]
    pub fn body(mut self, body: &[u8]) -> Self {
        self.facts.body = Some(body.get(..BODY_KEPT).unwrap_or(body).to_vec());
        self
    }

    /// Keeps the whole of an answer that the platform cut short: it is the user's.
    #[must_use]
    pub fn whole_body(mut self, body: &[u8]) -> Self {
        self.facts.body = Some(body.to_vec());
        self
    }

    /// Shows the beginning of the text in the message, on one line.
    #[must_use]
    pub fn excerpt_of(mut self, body: &[u8]) -> Self {
        let text = lossy(body.get(..4 * EXCERPT).unwrap_or(body));
        let mut line = String::new();
        for word in text.split_ascii_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        if !line.is_empty() {
            let shown = first(&line, EXCERPT);
            let more = if shown.len() < line.len() { "…" } else { "" };
            self.facts.message += &concat(&[": \"", shown, more, "\""]);
        }
        self
    }

    /// The finished error.
    #[must_use]
    pub fn build(self) -> Error {
        Error { facts: self.facts }
    }
}
