//! An answer that comes piece by piece.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pangulm_core::Error;

use super::{ChatChunk, ChatCompletion};
use crate::pieces::Pieces;

/// A streamed answer: a [`Stream`] of chunks.
///
/// It reads from the network only when it is polled, so a slow reader slows the server down and
/// memory stays bounded. Dropping it closes the connection and ends the generation. It ends well
/// only if the answer is complete: an answer that was cut, fell silent or was broken off by the
/// service ends in an error, and what had arrived stays in [`partial`](Self::partial). Nothing that
/// has begun is ever sent again.
#[derive(Debug)]
pub struct ChatStream {
    pieces: Pieces,
}

impl ChatStream {
    pub(super) fn new(pieces: Pieces) -> Self {
        Self { pieces }
    }

    /// The next chunk, or none when the answer is complete or has failed.
    ///
    /// It can be dropped and called again without losing a chunk.
    ///
    /// # Errors
    /// The answer was cut ([`is_truncated`](Error::is_truncated)), fell silent
    /// ([`is_stalled`](Error::is_stalled)), or was broken off by the service
    /// ([`is_in_stream`](Error::is_in_stream)); or an event is not what the platform sends. After
    /// its last chunk, an answer that the platform cut short is an error too
    /// ([`is_content_filtered`](Error::is_content_filtered),
    /// [`is_out_of_resources`](Error::is_out_of_resources)).
    pub async fn next(&mut self) -> Option<Result<ChatChunk, Error>> {
        poll_fn(|context| self.pieces.poll_piece(context)).await
    }

    /// Reads to the end and gives the whole answer, also when some chunks were read before.
    ///
    /// # Errors
    /// As for [`next`](Self::next).
    ///
    /// ```no_run
    /// # async fn demo(mut stream: pangulm::chat::ChatStream) {
    /// match stream.final_message().await {
    ///     Ok(answer) => println!("{}", answer.text()),
    ///     Err(error) => eprintln!("{error}; so far: {:?}", stream.partial().map(|it| it.text().to_owned())),
    /// }
    /// # }
    /// ```
    pub async fn final_message(&mut self) -> Result<ChatCompletion, Error> {
        poll_fn(|context| self.pieces.poll_end(context)).await?;
        self.partial()
    }

    /// What has arrived so far, as one answer; the whole of it after the end.
    ///
    /// # Errors
    /// A member is of another type than in every example of the reference.
    pub fn partial(&self) -> Result<ChatCompletion, Error> {
        let json = self.pieces.message();
        ChatCompletion::read(json.as_bytes())
            .map(|completion| completion.with_request_id(self.request_id()))
            .map_err(|error| self.pieces.undecodable(&error, &json))
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.pieces.request_id()
    }
}

impl Stream for ChatStream {
    type Item = Result<ChatChunk, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.poll_piece(context)
    }
}
