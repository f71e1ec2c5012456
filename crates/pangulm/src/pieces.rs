//! A streamed answer as it is read, whatever its events are.

use std::task::{Context, Poll, ready};

use pangulm_core::call::Answer;
use pangulm_core::chat_stream::{Chunk, Progress};
use pangulm_core::{ChatStream as Decoder, Error, ErrorKind};
use serde::de::DeserializeOwned;
use tracing::debug;

use crate::driver::Feed;

/// What a stream hands out one by one.
pub(crate) trait Piece: DeserializeOwned {
    fn read(chunk: &Chunk<'_>) -> Result<Self, Error> {
        read(&chunk.to_json())
    }
}

pub(crate) fn read<P: DeserializeOwned>(json: &str) -> Result<P, Error> {
    serde_json::from_str(json).map_err(|error| {
        let message = format!("an event cannot be read: {error}");
        let error = Error::builder(ErrorKind::MalformedEvent, message);
        error
            .excerpt_of(json.as_bytes())
            .body(json.as_bytes())
            .build()
    })
}

/// The stream of an answer. It reads from the network only when it is polled.
#[derive(Debug)]
pub(crate) struct Pieces {
    answer: Answer,
    decoder: Box<Decoder>,
    /// Dropped after the decoder.
    feed: Feed,
    over: bool,
}

impl Pieces {
    pub(crate) fn new((answer, decoder, feed): (Answer, Box<Decoder>, Feed)) -> Self {
        Self {
            answer,
            decoder,
            feed,
            over: false,
        }
    }

    pub(crate) fn request_id(&self) -> Option<String> {
        self.answer.headers.request_id()
    }

    /// What has arrived so far, put together, as JSON.
    pub(crate) fn message(&self) -> String {
        self.decoder.message()
    }

    /// What has arrived so far, put together.
    #[cfg(any(feature = "agents", feature = "text"))]
    pub(crate) fn whole<W: DeserializeOwned>(&self) -> Result<W, Error> {
        let json = self.message();
        serde_json::from_str(&json).map_err(|error| self.undecodable(&error, &json))
    }

    /// The error of a whole that cannot be read.
    pub(crate) fn undecodable(&self, error: &serde_json::Error, json: &str) -> Error {
        self.answer.undecodable(&error.to_string(), json.as_bytes())
    }

    /// The next piece. Nothing comes after the end or an error.
    pub(crate) fn poll_piece<P: Piece>(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<P, Error>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let piece = ready!(self.poll_chunk(context, P::read)).transpose();
        self.over = !matches!(piece, Ok(Some(_)));
        if piece.is_err() {
            self.feed.close();
        }
        Poll::Ready(piece.transpose())
    }

    /// Reads on without looking at the pieces one by one.
    pub(crate) fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            match ready!(self.poll_chunk(context, |_| Ok(()))) {
                None => return Poll::Ready(Ok(())),
                Some(Ok(())) => {}
                Some(Err(error)) => return Poll::Ready(Err(error)),
            }
        }
    }

    /// What is made of the next chunk. The end, good or bad, is given every time.
    fn poll_chunk<T>(
        &mut self,
        context: &mut Context<'_>,
        read: fn(&Chunk<'_>) -> Result<T, Error>,
    ) -> Poll<Option<Result<T, Error>>> {
        loop {
            match self.decoder.progress() {
                Progress::Chunk(chunk) => {
                    let read = read(&chunk).map_err(|error| of_answer(&self.answer, error));
                    return Poll::Ready(Some(read));
                }
                Progress::Complete => {
                    self.feed.finish();
                    return Poll::Ready(None);
                }
                Progress::Failed(error) => {
                    debug!(%error, "the stream failed");
                    self.feed.close();
                    return Poll::Ready(Some(Err(error)));
                }
                Progress::NeedBytes => match ready!(self.feed.poll_piece(context)) {
                    Ok(piece) => self.decoder.push(&piece),
                    Err(end) => self.decoder.end(end),
                },
            }
        }
    }
}

/// The error of a chunk, with what its answer's head says.
fn of_answer(answer: &Answer, error: Error) -> Error {
    error
        .into_builder()
        .operation(answer.operation.id)
        .status(answer.status)
        .request_id(answer.headers.request_id())
        .build()
}
