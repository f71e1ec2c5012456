//! One error for everything that can go wrong in a call.

mod body;
mod build;
mod remedy;

pub(crate) use body::Reported;
pub use build::ErrorBuilder;

use crate::text::{concat, digits};
use std::fmt;

/// Why a call failed.
///
/// The type is opaque; ask it what you need to know. The predicates (`is_…`) say what an error
/// means for you and for a retry; the getters carry what the service said, word for word. No
/// secret is ever part of an error.
///
/// ```
/// # fn demo(error: pangulm_core::Error) {
/// if error.is_throttled() {
///     eprintln!("slow down: {error}");
/// } else if let Some(id) = error.request_id() {
///     eprintln!("support will ask for request id {id}: {error}");
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error {
    facts: Box<Facts>,
}

/// The broad cause of an [`Error`]; every kind has a predicate that explains it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A value you gave cannot be sent. Nothing was sent.
    InvalidInput,
    /// No credential that this operation takes, or none could be had. Nothing was sent.
    Credential,
    /// The connection could not be made, or broke before an answer.
    Connect,
    /// No complete answer in time.
    Timeout,
    /// The service answered with an error.
    Service,
    /// The service's answer is not what the operation gives (HTML, broken JSON, another type).
    UnexpectedAnswer,
    /// An answer or a stream ended before its end mark.
    Truncated,
    /// A stream was silent for longer than the idle timeout.
    Stalled,
    /// The service reported an error inside a stream that had begun well.
    InStream,
    /// An event of a stream is not what the platform sends.
    MalformedEvent,
    /// The platform's content filter cut the answer off.
    ContentFiltered,
    /// The platform ran out of resources and cut the answer off.
    OutOfResources,
    /// An answer or an event is larger than the limit set for it.
    TooLarge,
    /// Long work that had been started came to nothing.
    JobFailed,
    /// The caller ended the call.
    Cancelled,
    /// A fault of this library. Please report it.
    Internal,
}

impl ErrorKind {
    /// The name of this kind in errors of every language, such as `invalid_input`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Credential => "credential",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Service => "service",
            Self::UnexpectedAnswer => "unexpected_answer",
            Self::Truncated => "truncated",
            Self::Stalled => "stalled",
            Self::InStream => "in_stream",
            Self::MalformedEvent => "malformed_event",
            Self::ContentFiltered => "content_filtered",
            Self::OutOfResources => "out_of_resources",
            Self::TooLarge => "too_large",
            Self::JobFailed => "job_failed",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

#[derive(Clone)]
struct Facts {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static str>,
    field: Option<String>,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after_ms: Option<u64>,
    body: Option<Vec<u8>>,
    attempts: u32,
    remedy: Option<&'static str>,
    #[cfg(feature = "causes")]
    cause: Option<std::sync::Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// The broad cause.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.facts.kind
    }

    /// What happened, in the service's own words where it said something.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.facts.message
    }

    /// The operation that failed, by its id in the spec, such as `createChatCompletionV1`.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.facts.operation
    }

    /// The option, parameter or body member that is wrong, where one is.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.facts.field.as_deref()
    }

    /// The HTTP status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.facts.status
    }

    /// The platform's error code, such as `PANGU.3254`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.facts.code.as_deref()
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.facts.request_id.as_deref()
    }

    /// How long the service asked to wait, in milliseconds.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.facts.retry_after_ms
    }

    /// What to do about it, where the platform's code table or this library knows.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        let own = self.facts.remedy;
        own.or_else(|| remedy::remedy(self.code(), self.status()))
    }

    /// The address of the page about [`code`](Self::code), if it is a documented one.
    #[must_use]
    pub fn page(&self) -> Option<String> {
        remedy::page(self.code())
    }

    /// The body of the answer that could not be used, as far as it was read. Of an answer that the
    /// platform cut short ([`is_content_filtered`](Self::is_content_filtered),
    /// [`is_out_of_resources`](Self::is_out_of_resources)) it is the whole chat completion in JSON;
    /// of a stream, as it was put together.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.facts.body.as_deref()
    }

    /// How many requests were sent for this call.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.facts.attempts
    }

    /// A value you gave is at fault, here or in the eyes of the service (status 400). The same
    /// call will fail again.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.kind() == ErrorKind::InvalidInput
            || (self.kind() == ErrorKind::Service && self.status() == Some(400))
    }

    /// The credential is missing, wrong, expired or not allowed to do this.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.kind() == ErrorKind::Credential
            || self.refuses_credential()
            || self.status() == Some(403)
    }

    /// The service did not take the credential itself. A 403 alone is about what its owner may do.
    pub(crate) fn refuses_credential(&self) -> bool {
        let code = matches!(
            self.code(),
            Some("PANGU.0011" | "PANGU.0012" | "APIG.0301" | "APIGW.0301")
        );
        self.status() == Some(401) || code
    }

    /// The service refuses for now because of its rate limits. Waiting helps.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429)
            || matches!(self.code(), Some("PANGU.3267" | "APIG.0308" | "APIGW.0308"))
    }

    /// The connection could not be made or broke. A generation may or may not have started.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Time ran out: the call's, or a stream's between two pieces.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout | ErrorKind::Stalled)
    }

    /// What was being received ended too early. What had arrived is incomplete.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.kind() == ErrorKind::Truncated
    }

    /// The stream fell silent for longer than the idle timeout.
    #[must_use]
    pub fn is_stalled(&self) -> bool {
        self.kind() == ErrorKind::Stalled
    }

    /// The service broke off a stream with an error of its own.
    #[must_use]
    pub fn is_in_stream(&self) -> bool {
        self.kind() == ErrorKind::InStream
    }

    /// The platform's content filter cut the answer off: its finish reason is `content_filter`.
    /// What came before is in [`body`](Self::body). The same question will be filtered again.
    #[must_use]
    pub fn is_content_filtered(&self) -> bool {
        self.kind() == ErrorKind::ContentFiltered
    }

    /// The platform ran out of resources and cut the answer off: its finish reason is
    /// `insufficient_system_resource`. What came before is in [`body`](Self::body).
    #[must_use]
    pub fn is_out_of_resources(&self) -> bool {
        self.kind() == ErrorKind::OutOfResources
    }

    /// The deployment, model, project or path does not exist, or does not serve.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) || matches!(self.code(), Some("PANGU.3254" | "PANGU.3259"))
    }

    /// Long work that had been started came to nothing; the platform's last answer is in `body`.
    #[must_use]
    pub fn is_job_failed(&self) -> bool {
        self.kind() == ErrorKind::JobFailed
    }

    /// The caller ended the call.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.kind() == ErrorKind::Cancelled
    }

    /// The same call may succeed later without any change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let status = matches!(self.status(), Some(408 | 500 | 502 | 503 | 504));
        matches!(
            self.kind(),
            ErrorKind::Connect
                | ErrorKind::Timeout
                | ErrorKind::Truncated
                | ErrorKind::Stalled
                | ErrorKind::OutOfResources
        ) || status
            || self.is_throttled()
    }
}

impl Error {
    /// All of it in one line for people, as `Display` writes it too.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = String::new();
        for place in [self.operation(), self.field()].into_iter().flatten() {
            line += place;
            line += ": ";
        }
        line += &self.facts.message;
        let status = self.status().map(|status| digits(status.into()));
        let details = [
            ("status ", status.as_deref()),
            ("code ", self.code()),
            ("request id ", self.request_id()),
        ];
        let mut mark = " (";
        for (name, value) in details {
            if let Some(value) = value {
                line += &concat(&[mark, name, value]);
                mark = ", ";
            }
        }
        if mark == ", " {
            line += ")";
        }
        if let Some(remedy) = self.remedy() {
            line += &concat(&[". ", remedy]);
        }
        if let Some(page) = self.page() {
            line += &concat(&[". See ", &page]);
        }
        line
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.line())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Error({}: {self})", self.facts.kind.name())
    }
}

impl std::error::Error for Error {
    /// The error of a function of the caller's own, if that ended the call.
    #[cfg(feature = "causes")]
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let cause = self.facts.cause.as_deref()?;
        Some(cause)
    }
}
