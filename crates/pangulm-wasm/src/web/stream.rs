//! An answer that comes piece by piece.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use pangulm_core::Error;
use pangulm_core::call::Answer;
use pangulm_core::chat_stream::{ChatStream as Decoder, End, Progress};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::driver::Driver;
use super::failure::describe;
use super::fetch::{Body, piece_of};
use super::timer::Sleep;

/// A streamed answer: a [`Stream`] of chunks, each a JSON text of one shape for both dialects, with
/// its increments in `choices[].delta`.
///
/// It reads from the network only when it is polled. Dropping it closes the connection and ends the
/// generation. It ends well only if the answer is complete: an answer that was cut, fell silent or
/// was broken off by the service ends with an error, and [`message`](Self::message) has what came
/// before.
#[derive(Debug)]
pub struct ChatStream {
    answer: Answer,
    decoder: Box<Decoder>,
    reading: Option<Reading>,
    /// None when nobody wants more of it.
    body: Option<Body>,
    idle_timeout_ms: u64,
    over: bool,
    /// Dropped after the decoder, which may have a place that others wait for.
    waker: Waker,
}

/// Wakes the calls that wait for the end of a stream.
#[derive(Debug)]
struct Waker(Rc<Driver>);

impl Drop for Waker {
    fn drop(&mut self) {
        self.0.wake();
    }
}

/// A read under way. Silence counts only while somebody waits.
#[derive(Debug)]
struct Reading {
    piece: JsFuture,
    silence: Sleep,
}

impl ChatStream {
    pub(super) fn new(
        answer: Answer,
        decoder: Box<Decoder>,
        body: Body,
        idle_timeout_ms: u64,
        driver: Rc<Driver>,
    ) -> Self {
        Self {
            answer,
            decoder,
            reading: None,
            body: Some(body),
            idle_timeout_ms,
            over: false,
            waker: Waker(driver),
        }
    }

    /// The next chunk; nothing after the end of the answer or an error.
    ///
    /// # Errors
    /// The answer was cut, fell silent, was broken off by the service, or is not what the platform
    /// sends.
    pub async fn next(&mut self) -> Option<Result<String, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// What has arrived so far, as one chat completion in JSON; the whole of it after the end.
    #[must_use]
    pub fn message(&self) -> String {
        self.decoder.message()
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.answer.headers.request_id()
    }

    /// Waits for the next piece of the body, or its end, and feeds the decoder with it.
    fn poll_body(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match ready!(self.poll_piece(context)) {
            Ok(piece) => self.decoder.push(&piece),
            Err(end) => {
                self.body = None;
                self.decoder.end(end);
            }
        }
        self.reading = None;
        Poll::Ready(())
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<u8>, End>> {
        if self.reading.is_none() {
            let piece = self.body.as_ref().and_then(Body::start_reading);
            self.reading = piece.map(|piece| Reading {
                piece,
                silence: Sleep::new(self.idle_timeout_ms),
            });
        }
        let Some(Reading { piece, silence }) = &mut self.reading else {
            return Poll::Ready(Err(End::Clean));
        };
        if let Poll::Ready(read) = Pin::new(piece).poll(context) {
            return Poll::Ready(piece_or_end(read));
        }
        Pin::new(silence).poll(context).map(|()| Err(End::Stalled))
    }
}

fn piece_or_end(read: Result<JsValue, JsValue>) -> Result<Vec<u8>, End> {
    match read {
        Ok(read) => piece_of(read).ok_or(End::Clean),
        Err(reason) => Err(End::Broken(describe(&reason))),
    }
}

impl Stream for ChatStream {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.over {
            match self.decoder.progress() {
                Progress::Chunk(chunk) => return Poll::Ready(Some(Ok(chunk.to_json()))),
                Progress::NeedBytes => ready!(self.poll_body(context)),
                Progress::Complete => {
                    self.over = true;
                    self.waker.0.wake();
                    if let Some(body) = self.body.take() {
                        body.read_out();
                    }
                }
                Progress::Failed(error) => {
                    self.over = true;
                    self.waker.0.wake();
                    self.body = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}
