//! Answers, before and after they are decoded.

use std::fmt;
use std::ops::Deref;

use pangulm_core::Error as CoreError;
use pangulm_core::headers::Headers;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::Error;

/// A successful answer as the engine read it.
pub struct Response {
    inner: crate::Response,
    status: StatusCode,
}

impl Response {
    pub(super) fn new(inner: crate::Response) -> Result<Self, CoreError> {
        let status = StatusCode::from_u16(inner.status())
            .map_err(|_| inner.undecodable("its status is out of range"))?;
        Ok(Self { inner, status })
    }

    /// The status, one of 200 to 299.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The error that an answer is which is not what the operation gives. All that is known of it is kept.
    pub(super) fn refuse(&self, reason: &str) -> CoreError {
        self.inner.undecodable(reason)
    }
}

/// A decoded answer, with the status and headers it came with.
///
/// It derefs to the answer itself.
#[derive(Clone)]
pub struct ResponseValue<T> {
    inner: T,
    status: StatusCode,
    headers: Headers,
}

impl<T: DeserializeOwned> ResponseValue<T> {
    #[doc(hidden)]
    pub async fn from_response<E>(response: Response) -> Result<Self, Error<E>> {
        Ok(Self {
            inner: response.inner.json()?,
            status: response.status,
            headers: response.inner.headers().clone(),
        })
    }
}

impl ResponseValue<()> {
    #[doc(hidden)]
    #[must_use]
    pub fn empty(response: Response) -> Self {
        Self {
            inner: (),
            status: response.status,
            headers: response.inner.headers().clone(),
        }
    }
}

impl<T> ResponseValue<T> {
    /// The answer alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// The status, one of 200 to 299.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers, by lower-case name. IAM's token is `x-subject-token`.
    #[must_use]
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.headers.request_id()
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue")
            .field("inner", &self.inner)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish()
    }
}

/// An answer of bytes that are no JSON. The generated code names it, no operation has it: there is none.
#[derive(Clone, Copy, Debug)]
pub enum ByteStream {}

#[cfg(test)]
mod tests {
    use pangulm_core::call::Answer;
    use pangulm_core::{ErrorKind, Operation};

    use super::*;

    fn response(status: u16, body: &'static str) -> Response {
        let answer = Answer {
            operation: Operation::find("countTokens").unwrap(),
            status,
            headers: [("X-Request-Id", "r-1")].into_iter().collect(),
            attempts: 2,
        };
        Response::new(crate::Response::new(answer, body.into())).unwrap()
    }

    fn assert_kept(error: &CoreError, status: u16, body: &str) {
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
        assert_eq!(error.operation(), Some("countTokens"));
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.request_id(), Some("r-1"));
        assert_eq!(error.attempts(), 2);
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert!(error.to_string().contains(body), "{error}");
    }

    #[tokio::test]
    async fn an_answer_that_cannot_be_decoded_keeps_status_request_id_and_body() {
        let body = "<html>login</html>";
        let decoded = ResponseValue::<Vec<String>>::from_response::<()>(response(200, body)).await;
        assert_kept(&decoded.unwrap_err(), 200, body);
    }

    #[test]
    fn a_success_the_description_does_not_know_keeps_them_too() {
        let error = Error::<()>::UnexpectedResponse(response(202, "later"));
        assert_kept(&error, 202, "later");
    }

    #[tokio::test]
    async fn a_decoded_answer_keeps_status_and_headers() {
        let answer = ResponseValue::<Vec<u8>>::from_response::<()>(response(200, "[1,2]")).await;
        let answer = answer.unwrap();
        assert_eq!(answer.len(), 2);
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers().get("x-request-id"), Some("r-1"));
        assert_eq!(answer.request_id().as_deref(), Some("r-1"));
        assert_eq!(answer.into_inner(), [1, 2]);
    }
}
