//! Errors of generated clients, which are errors of the engine.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use pangulm_core::{Error as CoreError, ErrorKind};

use super::Response;

/// Why a call of a generated client failed.
///
/// It is the engine's [`Error`](CoreError), reachable by `Deref` and [`into_inner`](Self::into_inner), and turned into it
/// by `?`. The parameter stands where the generator would put a type for declared refusals; there are none, because the
/// engine reads refusals of every shape.
pub struct Error<E = ()> {
    inner: CoreError,
    refusal: PhantomData<fn() -> E>,
}

impl<E> Error<E> {
    /// The engine's error.
    #[must_use]
    pub fn into_inner(self) -> CoreError {
        self.inner
    }
}

/// The generated code knows these as variants.
#[allow(non_snake_case, reason = "the generated code knows them as variants")]
impl<E> Error<E> {
    #[doc(hidden)]
    #[must_use]
    pub fn InvalidRequest(message: String) -> Self {
        CoreError::builder(ErrorKind::InvalidInput, message)
            .build()
            .into()
    }

    #[doc(hidden)]
    #[must_use]
    pub fn UnexpectedResponse(response: Response) -> Self {
        let status = response.status();
        response
            .refuse(&format!(
                "the description does not know a success of status {status}"
            ))
            .into()
    }
}

impl<E> Deref for Error<E> {
    type Target = CoreError;

    fn deref(&self) -> &CoreError {
        &self.inner
    }
}

impl<E> From<CoreError> for Error<E> {
    fn from(inner: CoreError) -> Self {
        Self {
            inner,
            refusal: PhantomData,
        }
    }
}

impl<E> From<Error<E>> for CoreError {
    fn from(error: Error<E>) -> Self {
        error.inner
    }
}

/// A request that cannot be built. Its message names no value, so no secret either.
impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        let message = format!("the request cannot be built: {}", error.without_url());
        CoreError::builder(ErrorKind::InvalidInput, message)
            .build()
            .into()
    }
}

impl<E> From<reqwest::header::InvalidHeaderValue> for Error<E> {
    fn from(_: reqwest::header::InvalidHeaderValue) -> Self {
        let message = "a header parameter holds a line break or another control character";
        CoreError::builder(ErrorKind::InvalidInput, message)
            .build()
            .into()
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<E> std::error::Error for Error<E> {}
