//! The loop that does what the engine says. It has no rule of its own.

use std::sync::Arc;

use pangulm_core::call::{Answer, BodyWanted, Step};
use pangulm_core::{
    Arguments, Call, CallOptions, ChatStream, Error, ErrorKind, Input, Operation, Settings, Shared,
};

use super::clock::now;
use super::crypto::{SigningKey, digest};
use super::failure;
use super::fetch::{self, Arrived, Body};
use super::options::Options;
use super::timer::Sleep;
use super::token::TokenFunction;
use super::waiters::{Entered, Waiters};
use crate::number::milliseconds;

/// Web Crypto hashes 100 KB five times as fast as wasm, but one call of it costs as much as hashing
/// some tens of KB here.
const HOST_HASHES_FROM: usize = 48 * 1024;

/// Makes calls.
#[derive(Debug)]
pub(super) struct Driver {
    shared: Arc<Shared>,
    waiters: Waiters,
    token: Option<TokenFunction>,
    key: Option<SigningKey>,
}

/// What differs from the client's settings for some of its calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    pub(super) timeout_ms: Option<u64>,
    pub(super) max_retries: Option<u32>,
    pub(super) headers: Vec<(String, String)>,
}

/// How a call ended well.
#[derive(Debug)]
pub(super) enum Outcome {
    /// With its whole answer.
    Whole(Answer, Vec<u8>),
    /// With a stream that has begun.
    Stream(Answer, Box<ChatStream>, Body),
}

impl Driver {
    pub(super) fn new(options: Options) -> Result<Self, Error> {
        let settings = Settings::new(options.settings)?;
        let seed = milliseconds(js_sys::Math::random() * 9_007_199_254_740_992.0);
        let shared = Shared::new(settings, seed);
        Ok(Self {
            waiters: Waiters::new(Arc::clone(&shared)),
            shared,
            token: options.token,
            key: options.key,
        })
    }

    /// Lets calls go on that waited for what a call or a stream has done or given up.
    pub(super) fn wake(&self) {
        self.waiters.wake();
    }

    pub(super) fn settings(&self) -> &Settings {
        self.shared.settings()
    }

    /// Makes a call and turns it until it ends. Dropping the future gives the call up and closes
    /// its connection.
    pub(super) async fn run(
        &self,
        operation: &'static Operation,
        parameters: Vec<(&str, &str)>,
        body: Option<&str>,
        overrides: &Overrides,
    ) -> Result<Outcome, Error> {
        let headers = overrides.headers.iter();
        let arguments = Arguments {
            parameters,
            body: body.map(str::as_bytes),
            options: CallOptions {
                timeout_ms: overrides.timeout_ms,
                max_retries: overrides.max_retries,
                headers: headers
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect(),
                driver_hashes_from: Some(HOST_HASHES_FROM),
            },
        };
        let call = Call::new(&self.shared, operation, arguments)?;
        let mut turning = Turning {
            entered: self.waiters.enter(call.id()),
            call,
            driver: self,
        };
        turning.turn(body).await
    }
}

/// A call under way. The call is dropped before its place among the waiters, which wakes others.
struct Turning<'a> {
    call: Call,
    entered: Entered<'a>,
    driver: &'a Driver,
}

impl Turning<'_> {
    async fn turn(&mut self, body: Option<&str>) -> Result<Outcome, Error> {
        let mut input = Input::Start;
        let mut arrived: Option<Arrived> = None;
        let mut kept = Vec::new();
        loop {
            let step = self.call.step(now(), input);
            self.driver.waiters.wake();
            input = match step {
                Step::Send(request) => match fetch::send(request, body).await {
                    Ok(answer) => {
                        let (status, headers) = (answer.status, answer.headers.clone());
                        arrived = Some(answer);
                        Input::Head { status, headers }
                    }
                    Err(failure) => Input::Failed(failure),
                },
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
                Step::Sleep { milliseconds, .. } => {
                    Sleep::new(milliseconds).await;
                    Input::Slept
                }
                Step::Wait { milliseconds } => {
                    // Woken or out of time: the engine sees which.
                    let _ = Sleep::new(milliseconds)
                        .outlives(self.entered.woken())
                        .await;
                    Input::Woken
                }
                Step::Token => self.ask_token().await,
                Step::Hash => Input::Digest(digest(body.unwrap_or_default().as_bytes()).await?),
                Step::Mac(text) => {
                    let key = self.driver.key.as_ref().ok_or_else(no_key)?;
                    Input::Mac(key.mac(&text).await?)
                }
                Step::Done(answer) => {
                    return match answer.cut_short(&kept) {
                        None => Ok(Outcome::Whole(answer, kept)),
                        Some(error) => Err(error),
                    };
                }
                Step::Stream(answer, decoder) => {
                    let arrived = arrived.take().ok_or_else(unexpected)?;
                    return Ok(Outcome::Stream(answer, decoder, arrived.body));
                }
                Step::Fail(error) => return Err(error),
            };
        }
    }

    async fn ask_token(&self) -> Input {
        let Some(function) = &self.driver.token else {
            return Input::Token(Err("the client has none".to_owned()));
        };
        let mut time_left = Sleep::new(self.call.time_left(now()));
        match time_left.outlives(function.call()).await {
            Some(given) => Input::Token(given),
            None => Input::Failed(failure::timed_out()),
        }
    }
}

fn unexpected() -> Error {
    Error::builder(
        ErrorKind::Internal,
        "the engine asked for a body without an answer. Please report this",
    )
    .build()
}

fn no_key() -> Error {
    Error::builder(
        ErrorKind::Credential,
        "the client signs by a key of Web Crypto and has none: give it by Options::signing_key",
    )
    .build()
}
