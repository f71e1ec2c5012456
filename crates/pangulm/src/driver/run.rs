//! The loop that does what the engine says.

use std::time::Duration;

use bytes::Bytes;
use pangulm_core::call::{Answer, BodyWanted, Failure, FreshToken, Request, Step};
use pangulm_core::{Arguments, Call, ChatStream, Error, ErrorKind, Input, Operation};
use tokio::time::{sleep, timeout, timeout_at};
use tracing::{debug, field, info};

use super::transport::{self, Arrived, after};
use super::waiters::Entered;
use super::{Inner, failure};

/// How a call ended well.
#[derive(Debug)]
pub(super) enum Outcome {
    /// With its whole answer.
    Whole(Answer, Bytes),
    /// With a stream that has begun.
    Stream(Answer, Box<ChatStream>, reqwest::Response),
}

/// Makes a call and turns it until it ends. Dropping the future gives the call up and closes its
/// connection.
pub(super) async fn run(
    driver: &Inner,
    operation: &'static Operation,
    arguments: Arguments<'_>,
    body: Option<&Bytes>,
) -> Result<Outcome, Error> {
    let call = Call::new(&driver.shared, operation, arguments)?;
    let mut turning = Turning {
        entered: driver.waiters.enter(call.id()),
        call,
        driver,
    };
    let ended = turning.turn(body).await;
    if let Err(error) = &ended {
        let span = tracing::Span::current();
        span.record("status", error.status());
        span.record("attempts", error.attempts());
        span.record("request_id", error.request_id());
        debug!(attempts = error.attempts(), %error, "the call failed");
    }
    ended
}

/// A call under way. The order of the members is the order they are dropped in.
struct Turning<'a> {
    call: Call,
    entered: Entered<'a>,
    driver: &'a Inner,
}

impl Turning<'_> {
    async fn turn(&mut self, body: Option<&Bytes>) -> Result<Outcome, Error> {
        let mut input = Input::Start;
        let mut arrived: Option<Arrived> = None;
        let mut kept = Bytes::new();
        loop {
            let step = self.call.step(self.driver.clock.now(), input);
            self.driver.waiters.wake();
            input = match step {
                Step::Send(request) => {
                    debug!(method = request.method, url = request.url, "sending");
                    match self.send(request, body).await? {
                        Ok(answer) => {
                            let (status, headers) = (answer.status(), answer.headers());
                            debug!(status, request_id = headers.request_id(), "answered");
                            arrived = Some(answer);
                            Input::Head { status, headers }
                        }
                        Err(failure) => Input::Failed(failure),
                    }
                }
                Step::ReadBody(wanted) => {
                    let answer = arrived.take().ok_or_else(unexpected)?;
                    match wanted {
                        BodyWanted::Keep { limit } => match answer.whole(limit).await {
                            Ok(whole) => {
                                kept = whole;
                                Input::BodyKept
                            }
                            Err(failure) => Input::Failed(failure),
                        },
                        BodyWanted::Bytes { limit } => answer
                            .beginning(limit)
                            .await
                            .map_or_else(Input::Failed, Input::Body),
                    }
                }
                Step::Sleep {
                    milliseconds,
                    reason,
                } => {
                    info!(milliseconds, %reason, "waiting before the next attempt");
                    sleep(Duration::from_millis(milliseconds)).await;
                    Input::Slept
                }
                Step::Wait { milliseconds } => {
                    debug!("waiting for another call");
                    // Woken or out of time: the engine sees which.
                    let most = Duration::from_millis(milliseconds);
                    let _ = timeout(most, self.entered.woken()).await;
                    Input::Woken
                }
                Step::Token => self.ask_token().await,
                Step::Hash => {
                    let body = body.map(Bytes::as_ref).unwrap_or_default();
                    Input::Digest(pangulm_signer::sha256(body))
                }
                Step::Mac(_) => return Err(no_mac()),
                Step::Done(answer) => {
                    record(&answer);
                    return match answer.cut_short(&kept) {
                        None => Ok(Outcome::Whole(answer, kept)),
                        Some(error) => Err(error),
                    };
                }
                Step::Stream(answer, decoder) => {
                    record(&answer);
                    let arrived = arrived.take().ok_or_else(unexpected)?;
                    return Ok(Outcome::Stream(answer, decoder, arrived.response));
                }
                Step::Fail(error) => return Err(error),
            };
        }
    }

    async fn send(
        &self,
        request: Request,
        body: Option<&Bytes>,
    ) -> Result<Result<Arrived, Failure>, Error> {
        let way = (&self.driver.http, &self.driver.functions.middleware);
        transport::send(way, self.call.operation(), request, body).await
    }

    async fn ask_token(&self) -> Input {
        debug!("asking the token function");
        let Some(function) = &self.driver.functions.token else {
            return Input::Token(Err("the client has none".to_owned()));
        };
        match timeout_at(self.deadline(), function.call()).await {
            Ok(Ok(token)) => Input::Token(Ok(FreshToken::from(token))),
            Ok(Err(reason)) => Input::Token(Err(reason)),
            Err(_) => Input::Failed(failure::timed_out()),
        }
    }

    fn deadline(&self) -> tokio::time::Instant {
        after(self.call.time_left(self.driver.clock.now()))
    }
}

fn record(answer: &Answer) {
    let span = tracing::Span::current();
    span.record("status", answer.status);
    span.record("attempts", answer.attempts);
    span.record(
        "request_id",
        answer.headers.request_id().map(field::display),
    );
}

fn unexpected() -> Error {
    Error::builder(
        ErrorKind::Internal,
        "the engine asked for a body without an answer. Please report this",
    )
    .build()
}

fn no_mac() -> Error {
    Error::builder(
        ErrorKind::Internal,
        "the native driver holds every key itself and computes no MAC for the engine. Please report this",
    )
    .build()
}
