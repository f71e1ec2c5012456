//! What is put into an object.

use std::fmt;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};

use crate::token::BoxError;

/// The content of an object to be put: bytes, or a stream of known length.
///
/// Bytes are sent again when a request fails on the way; a stream cannot be.
pub struct Body {
    pub(super) content: Content,
    pub(super) length: u64,
}

pub(super) enum Content {
    Bytes(Bytes),
    Stream(reqwest::Body),
}

impl Body {
    /// A stream that gives exactly `length` bytes. For one of unknown length there is
    /// [`Bucket::upload`](super::Bucket::upload).
    pub fn stream<S, B, E>(length: u64, stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        let stream = stream.map_ok(Into::into).map_err(Into::<BoxError>::into);
        Self {
            content: Content::Stream(reqwest::Body::wrap_stream(stream)),
            length,
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        let bytes = bytes.into();
        Self {
            length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            content: Content::Bytes(bytes),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Body")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
