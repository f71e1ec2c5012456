//! The life of a call: prepare, resolve the credential, sign, send, read, and again if need be.

use super::classify::{Phase, of_failure};
use super::prepare::Body;
use super::sign::Unsigned;
use super::step::{Answer, BodyWanted, Header, Input, Request, RequestBody, Step};
use super::{Call, State};
use crate::credential::{AccessKey, Chosen, GRANTS, SigningSecret, TokenSource};
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, ResponseKind};
use crate::shared::{Entry, Turn};
use crate::text::concat;
use crate::time::Moment;
use std::sync::Arc;
use zeroize::Zeroizing;

/// As much of an error's body as is read.
const ERROR_BODY_BYTES: usize = 64 * 1024;
/// As much of IAM's answer to a token request as is read; with a catalog it is some 100 KB.
const TOKEN_BODY_BYTES: usize = 1 << 20;

impl Call {
    /// Goes on to the next thing to do.
    ///
    /// An input that does not answer the last step ends the call with an internal error.
    pub fn step(&mut self, now: Moment, mut input: Input) -> Step {
        self.now = now;
        let state = std::mem::replace(&mut self.state, State::Over);
        match (state, &mut input) {
            (State::Start, Input::Start) => {
                self.deadline_ms = self.now.steady_ms.saturating_add(self.deadline_ms);
                self.resolve()
            }
            (State::Waiting, Input::Woken) | (State::Sleeping, Input::Slept) => self.resolve(),
            (State::AskingToken, Input::Token(given)) => self.on_callback(given),
            // Whoever waits for the token is woken and asks for itself.
            (State::AskingToken, Input::Failed(failure)) => {
                self.fail(of_failure(failure, Phase::Head))
            }
            (State::FetchingToken | State::Sending, Input::Head { status, headers }) => {
                self.head.status = *status;
                self.head.headers = std::mem::take(headers);
                if matches!(state, State::Sending) {
                    return self.on_head();
                }
                self.state = State::ReadingToken;
                Step::ReadBody(BodyWanted::Bytes {
                    limit: TOKEN_BODY_BYTES,
                })
            }
            (State::ReadingToken, Input::Body(body)) => self.on_granted(body),
            // A refusal is one without its text too: wrong passwords lock a user.
            (State::ReadingToken, Input::Failed(_)) if !is_success(self.head.status) => {
                self.on_granted(&mut Vec::new())
            }
            (State::FetchingToken | State::ReadingToken, Input::Failed(failure)) => {
                self.on_grant_broken(failure)
            }
            (State::Hashing, Input::Digest(digest)) => {
                self.prepared.body = Body::Hashed(*digest);
                self.resolve()
            }
            (State::Macing, Input::Mac(mac)) => match self.unsigned.take() {
                Some(unsigned) => self.send(unsigned.finish(*mac)),
                None => self.resolve(),
            },
            (State::ReadingRefusal, Input::Body(body)) => self.on_refusal(body),
            // The head alone says what the refusal means.
            (State::ReadingRefusal, Input::Failed(_)) => self.on_refusal(&[]),
            (State::ReadingAnswer, Input::BodyKept) => Step::Done(self.answer()),
            (State::Sending, Input::Failed(failure)) => self.on_failure(failure, Phase::Head, None),
            (State::ReadingAnswer, Input::Failed(failure)) => {
                let request_id = self.head.headers.request_id();
                self.on_failure(failure, Phase::Body, request_id)
            }
            (state, input) => {
                let message = concat(&[
                    "the driver answered ",
                    state.name(),
                    " with ",
                    input.name(),
                    ". Please report this",
                ]);
                self.fail(Error::builder(ErrorKind::Internal, message).build())
            }
        }
    }

    /// Gets hold of what proves who is calling, then sends.
    pub(super) fn resolve(&mut self) -> Step {
        if self.now.steady_ms >= self.deadline_ms {
            return self.fail(self.out_of_time());
        }
        let shared = Arc::clone(&self.shared);
        let chosen = match shared.settings().credentials.choose(self.operation) {
            Ok(chosen) => chosen,
            Err(error) => return self.fail(error),
        };
        self.prove(chosen)
    }

    /// Sends with this credential, as soon as it is at hand.
    pub(super) fn prove(&mut self, chosen: Chosen<'_>) -> Step {
        match chosen {
            Chosen::Granted(granted) if GRANTS => self.with_grant(granted),
            // A build without grants never chooses one.
            Chosen::None | Chosen::Granted(_) => self
                .wait_for_turn()
                .unwrap_or_else(|| self.send(self.prepared.plain_headers())),
            Chosen::AppCode(key) => self.send_with("x-apig-appcode", key.expose()),
            Chosen::ApiKey(key) => self.send_with(
                "authorization",
                &Zeroizing::new(concat(&["Bearer ", key.expose()])),
            ),
            Chosen::Token(TokenSource::Static(token)) => self.send_with_token(token.clone()),
            Chosen::Token(source) => self.with_cached_token(source),
            Chosen::Signature(pair) => self.sign_with(pair),
        }
    }

    pub(super) fn sign_with(&mut self, pair: &AccessKey) -> Step {
        let entry = self.shared.state().gate.enter(self.id);
        match entry {
            Entry::Wait => self.wait(),
            Entry::Stop => {
                let message = "the service has refused this access key's signature twice; nothing more is sent with it, for five refusals in a row lock a key for five minutes. Check the secret access key and make a new client";
                let error = Error::builder(ErrorKind::Credential, message);
                self.give_up(error.build())
            }
            Entry::Go => self.wait_for_turn().unwrap_or_else(|| self.sign_now(pair)),
        }
    }

    fn sign_now(&mut self, pair: &AccessKey) -> Step {
        if self.exchange.is_none() && self.prepared.body == Body::Unhashed {
            self.state = State::Hashing;
            return Step::Hash;
        }
        self.skew = self.shared.state().skew;
        let time = self.skew.correct(self.now.wall_ms);
        let (operation, prepared) = match &self.exchange {
            Some(exchange) => (exchange.operation, &exchange.prepared),
            None => (self.operation, &self.prepared),
        };
        match Unsigned::new(self.shared.settings(), operation, prepared, pair, time) {
            Ok(unsigned) => self.sign(unsigned, &pair.secret),
            Err(error) => self.give_up(error),
        }
    }

    /// The step to wait with if this client may not send yet. Asked before a request is signed, so
    /// that its date is fresh; what is asked of IAM is never in the way.
    fn wait_for_turn(&mut self) -> Option<Step> {
        if self.exchange.is_some() || self.operation.endpoint == Endpoint::Iam {
            return None;
        }
        let mut state = self.shared.state();
        let (turn, woken) = state.limiter.as_mut()?.enter(self.id, self.now.steady_ms);
        state.wake(woken);
        drop(state);
        let Turn::Wait(milliseconds) = turn else {
            return None;
        };
        self.state = State::Waiting;
        Some(Step::Wait {
            milliseconds: milliseconds.min(self.left()),
        })
    }

    fn sign(&mut self, unsigned: Unsigned, secret: &SigningSecret) -> Step {
        match secret {
            SigningSecret::Held(secret) => self.send(unsigned.finish_with(secret)),
            SigningSecret::WithDriver => {
                let step = Step::Mac(unsigned.string_to_sign().as_bytes().to_vec());
                self.state = State::Macing;
                self.unsigned = Some(Box::new(unsigned));
                step
            }
        }
    }

    pub(super) fn send_with(&mut self, name: &str, value: &str) -> Step {
        if let Some(step) = self.wait_for_turn() {
            return step;
        }
        let exchange = self.exchange.as_ref();
        let prepared = exchange.map_or(&self.prepared, |exchange| &exchange.prepared);
        let mut headers = prepared.plain_headers();
        headers.push(Header::new(name, value));
        self.send(headers)
    }

    fn send(&mut self, headers: Vec<Header>) -> Step {
        self.sent = self.now;
        if let Some(exchange) = self.exchange.take() {
            self.state = State::FetchingToken;
            return Step::Send(exchange.request(headers, self.left()));
        }
        self.attempts += 1;
        self.state = State::Sending;
        Step::Send(Request {
            method: self.operation.method,
            url: self.prepared.url(),
            headers,
            body: if self.prepared.body == Body::Empty {
                RequestBody::Empty
            } else {
                RequestBody::Callers
            },
            timeout_ms: self.left(),
        })
    }

    fn on_head(&mut self) -> Step {
        if !is_success(self.head.status) {
            return self.read_refusal();
        }
        self.welcome();
        let media_type = self.head.headers.media_type();
        if self.operation.is_stream() {
            if media_type != "text/event-stream" {
                return self.read_refusal();
            }
            let answer = self.answer();
            let stream = self.stream(&answer.headers);
            return Step::Stream(answer, stream);
        }
        let as_wanted = self.operation.response == ResponseKind::Empty
            || media_type.is_empty()
            || media_type.ends_with("json");
        if !as_wanted {
            return self.read_refusal();
        }
        self.state = State::ReadingAnswer;
        Step::ReadBody(BodyWanted::Keep {
            limit: self.shared.settings().max_answer_bytes,
        })
    }

    fn read_refusal(&mut self) -> Step {
        self.state = State::ReadingRefusal;
        Step::ReadBody(BodyWanted::Bytes {
            limit: ERROR_BODY_BYTES,
        })
    }

    fn answer(&mut self) -> Answer {
        Answer {
            operation: self.operation,
            status: self.head.status,
            headers: std::mem::take(&mut self.head.headers),
            attempts: self.attempts,
        }
    }

    /// The service has accepted the credential.
    pub(super) fn welcome(&mut self) {
        let signed = self.chosen().signs();
        let mut state = self.shared.state();
        state.budget.earn();
        if let Some(limiter) = &mut state.limiter {
            limiter.accepted(self.now.steady_ms);
        }
        if signed {
            let woken = state.gate.accepted();
            state.wake(woken);
        }
    }

    /// Waits for what another call does, which may need this one's place in flight or in line.
    pub(super) fn wait(&mut self) -> Step {
        let mut state = self.shared.state();
        let woken = state.free(self.id);
        state.wake(woken);
        drop(state);
        self.state = State::Waiting;
        Step::Wait {
            milliseconds: self.left(),
        }
    }

    /// How much of the time given to the call is left, in milliseconds. A driver need not sleep or
    /// wait for anything longer.
    #[must_use]
    pub fn time_left(&self, now: Moment) -> u64 {
        self.deadline_ms.saturating_sub(now.steady_ms)
    }

    /// How much of it is left in this step.
    pub(super) fn left(&self) -> u64 {
        self.time_left(self.now)
    }

    pub(super) fn out_of_time(&self) -> Error {
        Error::builder(
            ErrorKind::Timeout,
            "no answer in the time given for the call",
        )
        .build()
    }

    /// Ends the call. What it held is given up at once, for the driver may keep the call longer.
    pub(super) fn fail(&mut self, error: Error) -> Step {
        self.shared.state().leave(self.id);
        self.state = State::Over;
        let operation = error.operation().is_none();
        let builder = error.into_builder().attempts(self.attempts);
        Step::Fail(
            if operation {
                builder.operation(self.operation.id)
            } else {
                builder
            }
            .build(),
        )
    }
}

pub(super) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            Self::Start => "a call not started",
            Self::Waiting => "Wait",
            Self::AskingToken => "Token",
            Self::FetchingToken | Self::Sending => "Send",
            Self::ReadingToken | Self::ReadingRefusal | Self::ReadingAnswer => "ReadBody",
            Self::Hashing => "Hash",
            Self::Macing => "Mac",
            Self::Sleeping => "Sleep",
            Self::Over => "a call that is over",
        }
    }
}
