//! The answer of a raw call.

use bytes::Bytes;
use pangulm_core::Error;
use pangulm_core::call::Answer;
use pangulm_core::headers::Headers;
use serde::de::DeserializeOwned;

/// A success as it came, not yet decoded; from [`Client::request`](crate::Client::request).
#[derive(Clone, Debug)]
pub struct Response {
    answer: Answer,
    body: Bytes,
}

impl Response {
    pub(crate) fn new(answer: Answer, body: Bytes) -> Self {
        Self { answer, body }
    }

    /// The HTTP status, 200 to 299.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The headers, by lower-case name. IAM's token is `x-subject-token`.
    #[must_use]
    pub fn headers(&self) -> &Headers {
        &self.answer.headers
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.answer.headers.request_id()
    }

    /// How many requests were sent for it.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.answer.attempts
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Decodes the body.
    ///
    /// # Errors
    /// The body is no JSON of this type. Status, request id and body stay with the error.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| self.undecodable(&error.to_string()))
    }

    /// The error that this answer is when it is not what the operation gives.
    pub(crate) fn undecodable(&self, reason: &str) -> Error {
        self.answer.undecodable(reason, &self.body)
    }
}
