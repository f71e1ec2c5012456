//! What a call asks of its driver, and what the driver tells it.

use crate::chat_stream::ChatStream;
use crate::cut_short;
use crate::error::{Error, ErrorKind};
use crate::headers::{Headers, is_secret};
use crate::operation::Operation;
use crate::secret::Secret;
use crate::text::concat;
use std::fmt;
use zeroize::Zeroizing;

/// What the driver is to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this request; then [`Input::Head`] with the answer's head, or [`Input::Failed`].
    Send(Request),
    /// Read the answer's body; then [`Input::Body`], [`Input::BodyKept`] or [`Input::Failed`].
    ReadBody(BodyWanted),
    /// Sleep so many milliseconds; then [`Input::Slept`].
    Sleep {
        /// How long.
        milliseconds: u64,
        /// The failure that makes the wait necessary, for logs.
        reason: Error,
    },
    /// Compute SHA-256 of the request's body; then [`Input::Digest`].
    Hash,
    /// Compute HMAC-SHA256 of these bytes with the key the driver holds; then [`Input::Mac`].
    Mac(Vec<u8>),
    /// Ask the user's token function; then [`Input::Token`].
    Token,
    /// Sleep until [`Shared::take_woken`](crate::Shared::take_woken) names this call, or for so
    /// many milliseconds; then [`Input::Woken`].
    Wait {
        /// How long at most: the time the call has left.
        milliseconds: u64,
    },
    /// The call succeeded. The driver has the body, and asks [`Answer::cut_short`] about it.
    Done(Answer),
    /// A stream has begun: feed its decoder with the pieces of the body.
    Stream(Answer, Box<ChatStream>),
    /// The call failed.
    Fail(Error),
}

/// What came of the last step.
#[derive(Debug)]
pub enum Input {
    /// The first input of all.
    Start,
    /// The head of the answer.
    Head {
        /// The HTTP status.
        status: u16,
        /// The headers.
        headers: Headers,
    },
    /// The body that was asked for as bytes.
    Body(Vec<u8>),
    /// The body was read and kept by the driver.
    BodyKept,
    /// The request or the reading of its answer failed.
    Failed(Failure),
    /// The sleep is over.
    Slept,
    /// Another call has what this one waits for.
    Woken,
    /// The digest of the body.
    Digest([u8; 32]),
    /// The MAC.
    Mac([u8; 32]),
    /// What the user's token function gave; its error is shown to the user.
    Token(Result<FreshToken, String>),
}

impl Input {
    /// The name of the input, for the message about a driver at fault.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Head { .. } => "Head",
            Self::Body(_) => "Body",
            Self::BodyKept => "BodyKept",
            Self::Failed(_) => "Failed",
            Self::Slept => "Slept",
            Self::Woken => "Woken",
            Self::Digest(_) => "Digest",
            Self::Mac(_) => "Mac",
            Self::Token(_) => "Token",
        }
    }
}

/// A token from the user's token function.
#[derive(Clone, Debug)]
pub struct FreshToken {
    /// The token.
    pub token: Secret,
    /// How long it will serve, in milliseconds; until the service refuses it if not known.
    pub lifetime_ms: Option<u64>,
}

/// How much of an answer's body is wanted, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyWanted {
    /// Keep the whole of it; more than `limit` bytes is [`FailureKind::TooLarge`].
    Keep {
        /// The most to take, in bytes.
        limit: usize,
    },
    /// Hand over the first `limit` bytes and leave the rest.
    Bytes {
        /// The most to take, in bytes.
        limit: usize,
    },
}

/// A request to send, exactly as it stands.
#[derive(Debug)]
pub struct Request {
    /// The method, in upper case.
    pub method: &'static str,
    /// The whole address. It is in canonical form: do not encode it again.
    pub url: String,
    /// The headers, without `Host` and `Content-Length`.
    pub headers: Vec<Header>,
    /// The body.
    pub body: RequestBody,
    /// How long to wait for the head of the answer, in milliseconds.
    pub timeout_ms: u64,
}

/// A header of a request.
#[derive(Clone)]
pub struct Header {
    /// Its name, in lower case.
    pub name: String,
    /// Its value; wiped from memory when dropped, for it may be a secret.
    pub value: Zeroizing<String>,
}

impl Header {
    pub(crate) fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: Zeroizing::new(value.to_owned()),
        }
    }

    /// Whether the value must not be shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        is_secret(&self.name)
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: {}",
            self.name,
            if self.is_secret() {
                "***"
            } else {
                self.value.as_str()
            }
        )
    }
}

/// The body of a request.
pub enum RequestBody {
    /// None.
    Empty,
    /// The one the driver holds for this call.
    Callers,
    /// One that the engine made; it may hold a password.
    Own(Zeroizing<String>),
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Empty => "Empty",
            Self::Callers => "Callers",
            Self::Own(_) => "Own(***)",
        })
    }
}

/// Why a request or the reading of an answer failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// The transport's own words.
    pub message: String,
}

/// The kinds of failure that make a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection was made: provably no byte of the request arrived.
    NotConnected,
    /// The connection broke, or it is not known whether the request arrived.
    Broken,
    /// The time given ran out.
    TimedOut,
    /// The body was larger than the limit.
    TooLarge,
}

/// The head of a success.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// How many requests were sent.
    pub attempts: u32,
}

impl Answer {
    /// Whether the driver is to ask [`cut_short`](Self::cut_short) about the body: that of a chat.
    #[must_use]
    pub fn can_be_cut_short(&self) -> bool {
        self.operation.has_stream_half()
    }

    /// The error of a chat that the platform's content filter or a lack of resources has cut short.
    /// The body stays with it.
    #[must_use]
    pub fn cut_short(&self, body: &[u8]) -> Option<Error> {
        let completion = std::str::from_utf8(body).ok()?;
        let error = self
            .can_be_cut_short()
            .then(|| cut_short::error_of(self.operation, completion))??;
        Some(
            error
                .into_builder()
                .status(self.status)
                .request_id(self.headers.request_id())
                .attempts(self.attempts)
                .build(),
        )
    }

    /// The error of a success whose JSON the driver could not decode. Status, request id and body
    /// stay with it.
    #[must_use]
    pub fn undecodable(&self, reason: &str, body: &[u8]) -> Error {
        Error::builder(
            ErrorKind::UnexpectedAnswer,
            concat(&["the answer cannot be read: ", reason]),
        )
        .excerpt_of(body)
        .body(body)
        .operation(self.operation.id)
        .status(self.status)
        .request_id(self.headers.request_id())
        .attempts(self.attempts)
        .build()
    }
}
