//! A streamed answer as it is read, whatever its events are.

use std::task::{Context, Poll, ready};

use pangulm_core::call::Answer;
use pangulm_core::chat_stream::Progress;
use pangulm_core::{ChatStream as Decoder, Error, ErrorKind};
use serde::de::DeserializeOwned;
use tracing::debug;

use crate::driver::Feed;

/// What a stream hands out one by one. The JSON comes back with the error of what cannot be read.
pub(crate) trait Piece: Sized {
    fn read(json: String) -> Result<Self, (serde_json::Error, String)>;
}

/// For pieces that keep what they do not know in members of their own.
pub(crate) fn read_plain<T: DeserializeOwned>(
    json: String,
) -> Result<T, (serde_json::Error, String)> {
    serde_json::from_str(&json).map_err(|error| (error, json))
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
        let piece = match ready!(self.poll_json(context)) {
            None => Ok(None),
            Some(Ok(json)) => self.read(json).map(Some),
            Some(Err(error)) => Err(error),
        };
        self.over = !matches!(piece, Ok(Some(_)));
        if piece.is_err() {
            self.feed.close();
        }
        Poll::Ready(piece.transpose())
    }

    /// Reads on without looking at the pieces one by one.
    pub(crate) fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            match ready!(self.poll_json(context)) {
                None => return Poll::Ready(Ok(())),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(error)),
            }
        }
    }

    /// The next piece as the engine gives it. The end, good or bad, is given every time.
    fn poll_json(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<String, Error>>> {
        loop {
            match self.decoder.progress() {
                Progress::Chunk(json) => return Poll::Ready(Some(Ok(json))),
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

    fn read<P: Piece>(&self, json: String) -> Result<P, Error> {
        P::read(json).map_err(|(error, json)| {
            Error::builder(
                ErrorKind::MalformedEvent,
                format!("an event cannot be read: {error}"),
            )
            .excerpt_of(json.as_bytes())
            .body(json.as_bytes())
            .operation(self.answer.operation.id)
            .status(self.answer.status)
            .request_id(self.request_id())
            .build()
        })
    }
}
