//! An answer that comes piece by piece.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use pangulm_core::call::Answer;
use pangulm_core::chat_stream::Progress;
use pangulm_core::{Error, ErrorKind};
use tracing::debug;

use super::{ChatChunk, ChatCompletion};
use crate::driver::Feed;

/// A streamed answer: a [`Stream`] of chunks.
///
/// It reads from the network only when it is polled, so a slow reader slows the server down and
/// memory stays bounded. Dropping it closes the connection and ends the generation. It ends well
/// only if the answer is complete: an answer that was cut, fell silent or was broken off by the
/// service ends in an error, and what had arrived stays in [`partial`](Self::partial). Nothing that
/// has begun is ever sent again.
#[derive(Debug)]
pub struct ChatStream {
    answer: Answer,
    decoder: Box<pangulm_core::ChatStream>,
    /// Dropped after the decoder.
    feed: Feed,
    over: bool,
}

impl ChatStream {
    pub(super) fn new(answer: Answer, decoder: Box<pangulm_core::ChatStream>, feed: Feed) -> Self {
        Self {
            answer,
            decoder,
            feed,
            over: false,
        }
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
        poll_fn(|context| self.poll_chunk(context)).await
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
        poll_fn(|context| self.poll_end(context)).await?;
        self.partial()
    }

    /// What has arrived so far, as one answer; the whole of it after the end.
    ///
    /// # Errors
    /// A member is of another type than in every example of the reference.
    pub fn partial(&self) -> Result<ChatCompletion, Error> {
        let json = self.decoder.message();
        ChatCompletion::read(json.as_bytes())
            .map(|completion| completion.with_request_id(self.request_id()))
            .map_err(|error| self.answer.undecodable(&error.to_string(), json.as_bytes()))
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.answer.headers.request_id()
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<ChatChunk, Error>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let chunk = match ready!(self.poll_json(context)) {
            None => Ok(None),
            Some(Ok(json)) => self.read(json).map(Some),
            Some(Err(error)) => Err(error),
        };
        self.over = !matches!(chunk, Ok(Some(_)));
        if chunk.is_err() {
            self.feed.close();
        }
        Poll::Ready(chunk.transpose())
    }

    /// Reads on without looking at the chunks one by one.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            match ready!(self.poll_json(context)) {
                None => return Poll::Ready(Ok(())),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(error)),
            }
        }
    }

    /// The next chunk as the engine gives it. The end, good or bad, is given every time.
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

    fn read(&self, json: String) -> Result<ChatChunk, Error> {
        ChatChunk::read(json).map_err(|(error, json)| {
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

impl Stream for ChatStream {
    type Item = Result<ChatChunk, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}
