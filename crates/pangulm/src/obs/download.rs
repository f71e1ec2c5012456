//! An object on its way here.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use pangulm_core::chat_stream::End;
use pangulm_core::{Error, ErrorKind};

use super::call::Answer;
use super::info::ObjectInfo;
use crate::driver::{Driver, Feed};

/// An object whose bytes come piece by piece, as a [`Stream`] or by [`next`](Self::next).
///
/// Nothing is read ahead. It ends well only if every byte came; one that is cut or falls silent
/// ([`idle_timeout`](crate::ClientBuilder::idle_timeout)) ends in an error. Dropping it closes the
/// connection.
pub struct Download {
    info: ObjectInfo,
    feed: Feed,
    limit: usize,
    /// How many bytes are still to come; `None` if that is not known.
    left: Option<u64>,
    over: bool,
}

impl Download {
    pub(super) fn new(driver: &Driver, answer: Answer) -> Self {
        Self {
            info: ObjectInfo::of(&answer.headers),
            left: answer.response.content_length(),
            feed: driver.feed(answer.response),
            limit: driver.settings().max_answer_bytes(),
            over: false,
        }
    }

    /// What the answer says about the object.
    #[must_use]
    pub fn info(&self) -> &ObjectInfo {
        &self.info
    }

    /// The next bytes; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    /// All bytes, if there are no more than
    /// [`max_answer_bytes`](crate::ClientBuilder::max_answer_bytes).
    ///
    /// # Errors
    /// There are more, or they do not all come.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let announced = self.left.and_then(|left| usize::try_from(left).ok());
        let mut all = Vec::new();
        if announced.is_none_or(|length| length <= self.limit) {
            while let Some(piece) = self.next().await {
                all.extend_from_slice(&piece?);
                if all.len() > self.limit {
                    break;
                }
            }
            if all.len() <= self.limit {
                return Ok(all.into());
            }
        }
        let message = "the object is larger than the client's max_answer_bytes; read it in pieces";
        Err(self.error(ErrorKind::TooLarge, message.to_owned()))
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let end = match ready!(self.feed.poll_piece(context)) {
            Ok(piece) => {
                let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                self.left = self.left.map(|left| left.saturating_sub(length));
                return Poll::Ready(Some(Ok(piece)));
            }
            Err(end) => end,
        };
        self.over = true;
        let error = match end {
            End::Clean if self.left.is_none_or(|left| left == 0) => return Poll::Ready(None),
            End::Clean => self.error(
                ErrorKind::Truncated,
                "the object ended too early".to_owned(),
            ),
            End::Broken(why) => {
                self.error(ErrorKind::Truncated, format!("the object broke off: {why}"))
            }
            End::Stalled => {
                let message = "nothing came for longer than the idle timeout";
                self.error(ErrorKind::Stalled, message.to_owned())
            }
        };
        Poll::Ready(Some(Err(error)))
    }

    fn error(&self, kind: ErrorKind, message: String) -> Error {
        Error::builder(kind, message)
            .operation("obs.getObject")
            .request_id(self.info.request_id.clone())
            .build()
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(context)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Download")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}
