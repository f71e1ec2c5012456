//! The pieces of a stream's body, pulled when asked for and watched for silence.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use pangulm_core::chat_stream::End;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep, timeout};

use super::Inner;
use super::failure::reason;

type Pieces = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// How long, and how much, may come after the end mark of a stream.
const READ_OUT_TIME: Duration = Duration::from_secs(1);
const READ_OUT_BYTES: usize = 16 * 1024;

/// The body of a stream. Nothing is read ahead: a slow reader slows the server down.
pub(crate) struct Feed {
    /// None when the body has ended, or nobody wants more of it.
    pieces: Option<Pieces>,
    idle_timeout: Duration,
    silence: Pin<Box<Sleep>>,
    /// Silence counts only while somebody waits, not while the reader is busy elsewhere.
    waiting: bool,
    driver: Arc<Inner>,
}

impl Feed {
    pub(super) fn new(
        response: reqwest::Response,
        idle_timeout: Duration,
        driver: Arc<Inner>,
    ) -> Self {
        Self {
            pieces: Some(Box::pin(response.bytes_stream())),
            idle_timeout,
            silence: Box::pin(sleep(idle_timeout)),
            waiting: false,
            driver,
        }
    }

    /// The next piece, or how the body ended.
    pub(crate) fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, End>> {
        let Some(pieces) = &mut self.pieces else {
            return Poll::Ready(Err(End::Clean));
        };
        let end = match pieces.as_mut().poll_next(context) {
            Poll::Ready(Some(Ok(piece))) => {
                self.waiting = false;
                return Poll::Ready(Ok(piece));
            }
            Poll::Ready(Some(Err(error))) => End::Broken(reason(&error)),
            Poll::Ready(None) => End::Clean,
            Poll::Pending => {
                if !self.waiting {
                    self.waiting = true;
                    self.silence
                        .as_mut()
                        .reset(Instant::now() + self.idle_timeout);
                }
                ready!(self.silence.as_mut().poll(context));
                End::Stalled
            }
        };
        self.close();
        Poll::Ready(Err(end))
    }

    /// Gives a body up whose end mark has come. What is left of it is read behind the caller's back, so
    /// that the connection can serve again.
    pub(crate) fn finish(&mut self) {
        if let (Some(pieces), Ok(runtime)) = (self.pieces.take(), Handle::try_current()) {
            runtime.spawn(read_out(pieces));
        }
        self.close();
    }

    /// Gives the body up, and lets calls go on that waited for the end of the stream. If there was
    /// more to come, the connection closes; else it can serve again.
    pub(crate) fn close(&mut self) {
        self.pieces = None;
        self.driver.waiters.wake();
    }
}

/// Takes what is left of a body, within bounds. If it is much, or takes long, dropping it closes the
/// connection after all.
async fn read_out(mut pieces: Pieces) {
    let mut read = 0;
    let to_its_end = async {
        while let Some(Ok(piece)) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
            read += piece.len();
            if read > READ_OUT_BYTES {
                break;
            }
        }
    };
    let _ = timeout(READ_OUT_TIME, to_its_end).await;
}

/// To be dropped after the stream's decoder, which may have a place that others wait for.
impl Drop for Feed {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Feed")
            .field("open", &self.pieces.is_some())
            .finish_non_exhaustive()
    }
}
