//! The life of a call: prepare, resolve the credential, sign, send, read, and again if need be.

use super::classify::{Phase, of_failure};
use super::prepare::Body;
use super::sign::Unsigned;
use super::step::{
    Answer, BodyWanted, FailureKind, FreshToken, Header, Input, Request, RequestBody, Step,
};
use super::{Call, Head, State};
use crate::credential::{Chosen, Password, SigningSecret, TokenSource};
use crate::error::{Error, ErrorKind};
use crate::iam;
use crate::operation::{Endpoint, Operation, ResponseKind};
use crate::secret::Secret;
use crate::settings::check_credential;
use crate::shared::{Acquired, Entry, Token};
use crate::text::concat;
use crate::time::Moment;
use pangulm_signer::hmac_sha256;
use std::sync::Arc;
use zeroize::Zeroizing;

/// As much of an error's body as is read.
const ERROR_BODY_BYTES: usize = 64 * 1024;
/// As much of IAM's answer to a token request as is read; with a catalog it is some 100 KB.
const TOKEN_BODY_BYTES: usize = 1 << 20;
/// The time for fetching a token, if the call has more than that left.
const TOKEN_TIMEOUT_MS: u64 = 30_000;
/// The life of a token whose end nobody knows: it is replaced when the service refuses it.
const UNKNOWN_LIFETIME_MS: u64 = 10 * 365 * 86_400_000;

impl Call {
    /// Goes on to the next thing to do.
    ///
    /// An input that does not answer the last step ends the call with an internal error.
    pub fn step(&mut self, now: Moment, mut input: Input) -> Step {
        let state = std::mem::replace(&mut self.state, State::Over);
        match (state, &mut input) {
            (State::Start, Input::Start) => {
                self.deadline_ms = now.steady_ms.saturating_add(self.deadline_ms);
                self.resolve(now)
            }
            (State::Waiting, Input::Woken) | (State::Sleeping, Input::Slept) => self.resolve(now),
            (State::AskingToken, Input::Token(given)) => self.on_callback(now, given),
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
            (State::ReadingToken, Input::Body(body)) => self.on_token(now, body),
            // A refusal is one without its text too: wrong passwords lock a user.
            (State::ReadingToken, Input::Failed(_)) if !is_success(self.head.status) => {
                self.on_token(now, &[])
            }
            (State::FetchingToken | State::ReadingToken, Input::Failed(failure)) => {
                let error = of_failure(failure, Phase::Head)
                    .into_builder()
                    .operation("createToken")
                    .build();
                self.on_token_failure(now, error, failure.kind != FailureKind::TooLarge)
            }
            (State::Hashing, Input::Digest(digest)) => {
                self.prepared.body = Body::Hashed(*digest);
                self.resolve(now)
            }
            (State::Macing, Input::Mac(mac)) => match self.unsigned.take() {
                Some(unsigned) => self.send(now, unsigned.finish(*mac)),
                None => self.resolve(now),
            },
            (State::ReadingRefusal, Input::Body(body)) => self.on_refusal(now, body),
            // The head alone says what the refusal means.
            (State::ReadingRefusal, Input::Failed(_)) => self.on_refusal(now, &[]),
            (State::ReadingAnswer, Input::BodyKept) => Step::Done(self.answer()),
            (State::Sending, Input::Failed(failure)) => {
                self.on_failure(now, failure, Phase::Head, None)
            }
            (State::ReadingAnswer, Input::Failed(failure)) => {
                let request_id = self.head.headers.request_id();
                self.on_failure(now, failure, Phase::Body, request_id)
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
    pub(super) fn resolve(&mut self, now: Moment) -> Step {
        if now.steady_ms >= self.deadline_ms {
            return self.fail(self.out_of_time());
        }
        let shared = Arc::clone(&self.shared);
        let chosen = match shared.settings().credentials.choose(self.operation) {
            Ok(chosen) => chosen,
            Err(error) => return self.fail(error),
        };
        match chosen {
            Chosen::None => self.send(now, self.prepared.plain_headers()),
            Chosen::AppCode(key) => self.send_with(now, "x-apig-appcode", key.expose()),
            Chosen::ApiKey(key) => self.send_with(
                now,
                "authorization",
                &Zeroizing::new(concat(&["Bearer ", key.expose()])),
            ),
            Chosen::Token(TokenSource::Static(token)) => self.send_with_token(now, token.clone()),
            Chosen::Token(source) => self.with_cached_token(now, source),
            Chosen::Signature(pair) => {
                let entry = self.shared.state().gate.enter(self.id);
                match entry {
                    Entry::Wait => self.wait(now),
                    Entry::Stop => self.fail(Error::builder(
                        ErrorKind::Credential,
                        "the service has refused this access key's signature twice; nothing more is sent with it, for five refusals in a row lock a key for five minutes. Check the secret access key and make a new client",
                    ).build()),
                    Entry::Go if self.prepared.body == Body::Unhashed => {
                        self.state = State::Hashing;
                        Step::Hash
                    }
                    Entry::Go => {
                        self.skew = self.shared.state().skew;
                        let time = self.skew.correct(now.wall_ms);
                        match Unsigned::new(self.shared.settings(), self.operation, &self.prepared, pair, time) {
                            Ok(unsigned) => self.sign(now, unsigned, &pair.secret),
                            Err(error) => self.fail(error),
                        }
                    }
                }
            }
        }
    }

    fn sign(&mut self, now: Moment, unsigned: Unsigned, secret: &SigningSecret) -> Step {
        let text = unsigned.string_to_sign().as_bytes();
        match secret {
            SigningSecret::Held(secret) => {
                let mac = hmac_sha256(secret.expose().as_bytes(), text);
                self.send(now, unsigned.finish(mac))
            }
            SigningSecret::WithDriver => {
                let step = Step::Mac(text.to_vec());
                self.state = State::Macing;
                self.unsigned = Some(Box::new(unsigned));
                step
            }
        }
    }

    fn with_cached_token(&mut self, now: Moment, source: &TokenSource) -> Step {
        let acquired = self.shared.state().token.acquire(self.id, now.steady_ms);
        match (acquired, source) {
            (Acquired::Use(token), _) => self.send_with_token(now, token),
            (Acquired::Wait, _) => self.wait(now),
            (Acquired::Failed(error), _) => self.fail(error),
            (Acquired::Fetch, TokenSource::Password(login)) => self.fetch_token(now, login),
            (Acquired::Fetch, _) => {
                self.state = State::AskingToken;
                Step::Token
            }
        }
    }

    fn fetch_token(&mut self, now: Moment, login: &Password) -> Step {
        let settings = self.shared.settings();
        let request = Operation::find("createToken").and_then(|create| {
            let address = settings.address(Endpoint::Iam)?;
            Ok(Request {
                method: create.method,
                url: concat(&[&address.base(), create.path, "?nocatalog=true"]),
                headers: vec![
                    Header::new("accept", "application/json"),
                    Header::new("content-type", "application/json"),
                ],
                body: RequestBody::Own(iam::token_request(login, settings)),
                timeout_ms: self.time_left(now).min(TOKEN_TIMEOUT_MS),
            })
        });
        match request {
            Ok(request) => {
                self.state = State::FetchingToken;
                Step::Send(request)
            }
            Err(error) => self.fail(error),
        }
    }

    fn on_token(&mut self, now: Moment, body: &[u8]) -> Step {
        let named = |error: Error| error.into_builder().operation("createToken").build();
        let Head { status, headers } = std::mem::take(&mut self.head);
        if !is_success(status) {
            let error = named(Error::of_answer(status, &headers, body));
            let transient = error.is_transient();
            return self.on_token_failure(now, error, transient);
        }
        match iam::read_token(&headers, body, now) {
            Ok(token) => self.use_new_token(now, token),
            Err(error) => self.on_token_failure(now, named(error), false),
        }
    }

    fn on_callback(&mut self, now: Moment, given: &Result<FreshToken, String>) -> Step {
        let error = match given {
            Ok(fresh) => match check_credential("token", fresh.token.expose()) {
                Ok(()) => {
                    let lifetime = fresh.lifetime_ms.unwrap_or(UNKNOWN_LIFETIME_MS);
                    let token = Token::new(fresh.token.clone(), now.steady_ms, lifetime);
                    return self.use_new_token(now, token);
                }
                Err(error) => error,
            },
            Err(reason) => {
                let message = concat(&["the token function failed: ", reason]);
                let error = Error::builder(ErrorKind::Credential, message);
                error.field("token").build()
            }
        };
        self.on_token_failure(now, error, false)
    }

    fn use_new_token(&mut self, now: Moment, token: Token) -> Step {
        let secret = token.secret.clone();
        let mut state = self.shared.state();
        let woken = state.token.store(token);
        state.wake(woken);
        drop(state);
        self.send_with_token(now, secret)
    }

    fn on_token_failure(&mut self, now: Moment, error: Error, transient: bool) -> Step {
        // This call's time is over, not that of those who wait: one of them takes over.
        if self.time_left(now) == 0 {
            return self.fail(error);
        }
        if transient && let Some(step) = self.sleep_before_retry(now, &error) {
            // The ticket stays with this call; whoever waits goes on waiting.
            return step;
        }
        let mut state = self.shared.state();
        let (valid, woken) = state.token.fail(now.steady_ms, &error);
        state.wake(woken);
        drop(state);
        match valid {
            Some(token) => self.send_with_token(now, token),
            None => self.fail(error),
        }
    }

    fn send_with_token(&mut self, now: Moment, token: Secret) -> Step {
        let step = self.send_with(now, "x-auth-token", token.expose());
        self.token = Some(token);
        step
    }

    fn send_with(&mut self, now: Moment, name: &str, value: &str) -> Step {
        let mut headers = self.prepared.plain_headers();
        headers.push(Header::new(name, value));
        self.send(now, headers)
    }

    fn send(&mut self, now: Moment, headers: Vec<Header>) -> Step {
        self.attempts += 1;
        self.state = State::Sending;
        self.sent = now;
        Step::Send(Request {
            method: self.operation.method,
            url: self.prepared.url(),
            headers,
            body: if self.prepared.body == Body::Empty {
                RequestBody::Empty
            } else {
                RequestBody::Callers
            },
            timeout_ms: self.time_left(now),
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
    fn welcome(&mut self) {
        let signed = self.is_signed();
        let mut state = self.shared.state();
        state.budget.earn();
        if signed {
            let woken = state.gate.accepted();
            state.wake(woken);
        }
    }

    fn is_signed(&self) -> bool {
        let credentials = &self.shared.settings().credentials;
        matches!(credentials.choose(self.operation), Ok(Chosen::Signature(_)))
    }

    fn wait(&mut self, now: Moment) -> Step {
        self.state = State::Waiting;
        Step::Wait {
            milliseconds: self.time_left(now),
        }
    }

    /// How much of the time given to the call is left, in milliseconds. A driver need not sleep or
    /// wait for anything longer.
    #[must_use]
    pub fn time_left(&self, now: Moment) -> u64 {
        self.deadline_ms.saturating_sub(now.steady_ms)
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
        let mut state = self.shared.state();
        let mut woken = state.token.leave(self.id);
        woken.extend(state.gate.leave(self.id));
        state.wake(woken);
        drop(state);
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
