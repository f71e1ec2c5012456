//! A continuation that comes piece by piece.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pangulm_core::Error;

use super::{TextChunk, TextCompletion};
use crate::pieces::{Piece, Pieces};

/// A streamed continuation: a [`Stream`] of chunks, with the promises of
/// [`ChatStream`](crate::chat::ChatStream).
#[derive(Debug)]
pub struct TextStream {
    pieces: Pieces,
}

impl TextStream {
    pub(super) fn new(pieces: Pieces) -> Self {
        Self { pieces }
    }

    /// The next chunk, or none when the text is complete or has failed. It can be dropped and called
    /// again without losing a chunk.
    ///
    /// # Errors
    /// The text was cut ([`is_truncated`](Error::is_truncated)), fell silent
    /// ([`is_stalled`](Error::is_stalled)), or was broken off by the service
    /// ([`is_in_stream`](Error::is_in_stream)).
    pub async fn next(&mut self) -> Option<Result<TextChunk, Error>> {
        poll_fn(|context| self.pieces.poll_piece(context)).await
    }

    /// Reads to the end and gives the whole text, also when some chunks were read before.
    ///
    /// # Errors
    /// As for [`next`](Self::next).
    pub async fn finish(&mut self) -> Result<TextCompletion, Error> {
        poll_fn(|context| self.pieces.poll_end(context)).await?;
        self.partial()
    }

    /// What has arrived so far, put together; the whole of it after the end.
    ///
    /// # Errors
    /// A member is of another type than the description has it.
    pub fn partial(&self) -> Result<TextCompletion, Error> {
        self.pieces.whole()
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.pieces.request_id()
    }
}

impl Piece for TextChunk {}

impl Stream for TextStream {
    type Item = Result<TextChunk, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.poll_piece(context)
    }
}
