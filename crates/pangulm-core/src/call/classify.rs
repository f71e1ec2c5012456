//! What a failure means: again, differently, or not at all.

use super::machine::is_success;
use super::step::{Failure, FailureKind, Step};
use super::{Call, Head, State};
use crate::credential::{Chosen, TokenSource};
use crate::error::{Error, ErrorKind};
use crate::headers::Headers;
use crate::text::{concat, lossy, replaced};
use std::borrow::Cow;
use std::sync::Arc;

impl Call {
    /// The service refused, or its success is of another kind than the operation's.
    pub(super) fn on_refusal(&mut self, body: &[u8]) -> Step {
        let Head { status, headers } = std::mem::take(&mut self.head);
        let headers = &headers;
        let body = &self.without_credential(body);
        let error = if is_success(status) {
            self.wrong_success(status, headers, body)
        } else {
            Error::of_answer(status, headers, body)
        };
        if error.refuses_credential()
            && let Some(step) = self.on_refused_credential(headers, &error)
        {
            return step;
        }
        if error.is_throttled()
            && let Some(step) = self.slow_down(&error)
        {
            return step;
        }
        if self.may_send_again(&error)
            && let Some(step) = self.sleep_before_retry(&error)
        {
            return step;
        }
        self.fail(error)
    }

    /// The body of a refusal without the credential in it: the gateway may show the canonical
    /// request it expected, and other proxies show all they were sent (facts: auth.md 1.1).
    pub(super) fn without_credential<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        let secret = match self.chosen() {
            Chosen::AppCode(key) | Chosen::ApiKey(key) => Some(key),
            // Without a token yet, what was refused is the login.
            Chosen::Token(TokenSource::Password(login)) => {
                Some(self.token.as_ref().unwrap_or(&login.password))
            }
            Chosen::Token(_) | Chosen::Granted(_) => self.token.as_ref(),
            Chosen::Signature(pair) => pair.security_token.as_ref(),
            Chosen::None => None,
        };
        secret
            .and_then(|secret| replaced(body, secret.expose().as_bytes(), b"***"))
            .map_or(Cow::Borrowed(body), Cow::Owned)
    }

    /// A 2xx that is not the JSON or the stream that was asked for.
    fn wrong_success(&self, status: u16, headers: &Headers, body: &[u8]) -> Error {
        let reported = Error::of_answer(status, headers, body);
        if reported.code().is_some() {
            return reported;
        }
        let wanted = if self.operation.is_stream() {
            "a stream of events"
        } else {
            "JSON"
        };
        // A header can echo the credential like a body.
        let media_type = headers.media_type();
        let media_type = self.without_credential(media_type.as_bytes());
        Error::builder(
            ErrorKind::UnexpectedAnswer,
            concat(&[
                "the service answered with ",
                &lossy(&media_type),
                " instead of ",
                wanted,
            ]),
        )
        .excerpt_of(body)
        .body(body)
        .status(status)
        .request_id(headers.request_id())
        .build()
    }

    /// Mends a wrong clock or a stale token, once each. A bad signature is never sent again.
    pub(super) fn on_refused_credential(
        &mut self,
        headers: &Headers,
        error: &Error,
    ) -> Option<Step> {
        let shared = Arc::clone(&self.shared);
        let chosen = self.chosen();
        let mut state = shared.state();
        if chosen.signs()
            && !self.clock_corrected
            && state
                .skew
                .learn(self.skew, self.sent, self.now, headers, error)
        {
            drop(state);
            self.clock_corrected = true;
            return Some(self.resolve());
        }
        match chosen {
            Chosen::Signature(_) => {
                state.gate.refused();
                return None;
            }
            _ if self.token_replaced => return None,
            Chosen::Token(TokenSource::Callback | TokenSource::Password(_)) => {
                state.token.reject(self.token.as_ref()?);
            }
            Chosen::Granted(_) => state.grant.reject(self.token.as_ref()?),
            _ => return None,
        }
        drop(state);
        self.token = None;
        self.token_replaced = true;
        Some(self.resolve())
    }

    /// The transport failed.
    pub(super) fn on_failure(
        &mut self,
        failure: &Failure,
        phase: Phase,
        request_id: Option<String>,
    ) -> Step {
        let error = of_failure(failure, phase)
            .into_builder()
            .request_id(request_id)
            .build();
        let again = match failure.kind {
            FailureKind::NotConnected => true,
            FailureKind::Broken | FailureKind::TimedOut => self.operation.idempotent,
            FailureKind::TooLarge => false,
        };
        if again && let Some(step) = self.sleep_before_retry(&error) {
            return step;
        }
        self.fail(error)
    }

    /// Whether the service's refusal allows the same request again.
    fn may_send_again(&self, error: &Error) -> bool {
        if error.is_throttled() || error.status() == Some(503) {
            return true;
        }
        let server_side = matches!(error.status(), Some(408 | 500..=599));
        self.operation.idempotent && server_side
    }

    /// With a limiter, a refusal for the service's limits is a lesson and no failure: the call
    /// stands in line again, as long as it has time. `None` if there is no limiter, or nothing is to
    /// be sent again.
    fn slow_down(&mut self, reason: &Error) -> Option<Step> {
        let time_left = self.left();
        let asked = reason.retry_after_ms().unwrap_or_default();
        let times = (self.sent.steady_ms, self.now.steady_ms);
        let mut state = self.shared.state();
        let limiter = state.limiter.as_mut()?;
        let (milliseconds, woken) = limiter.throttled(self.id, times, asked);
        state.wake(woken);
        drop(state);
        if self.max_retries == 0 || milliseconds >= time_left {
            return None;
        }
        self.state = State::Sleeping;
        Some(Step::Sleep {
            milliseconds,
            reason: reason.clone(),
        })
    }

    /// Waits with growing, random spaces; `None` if there is no retry, budget or time left.
    pub(super) fn sleep_before_retry(&mut self, reason: &Error) -> Option<Step> {
        if self.retries >= self.max_retries {
            return None;
        }
        let mut state = self.shared.state();
        let jittered = state.wait_before_retry(self.retries);
        let milliseconds = reason.retry_after_ms().unwrap_or(jittered);
        if milliseconds >= self.left() || !state.budget.spend() {
            return None;
        }
        let woken = state.free(self.id);
        state.wake(woken);
        drop(state);
        self.retries += 1;
        self.state = State::Sleeping;
        Some(Step::Sleep {
            milliseconds,
            reason: reason.clone(),
        })
    }
}

/// Which part of a success was being awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Head,
    Body,
}

pub(super) fn of_failure(failure: &Failure, phase: Phase) -> Error {
    let (kind, message) = match failure.kind {
        FailureKind::NotConnected => (
            ErrorKind::Connect,
            concat(&["no connection: ", &failure.message]),
        ),
        FailureKind::Broken if phase == Phase::Body => (
            ErrorKind::Truncated,
            concat(&["the answer broke off: ", &failure.message]),
        ),
        FailureKind::Broken => (
            ErrorKind::Connect,
            concat(&["the connection broke: ", &failure.message]),
        ),
        FailureKind::TimedOut => (
            ErrorKind::Timeout,
            "no answer in the time given for the call".to_owned(),
        ),
        FailureKind::TooLarge => (
            ErrorKind::TooLarge,
            "the answer is larger than the client's maxAnswerBytes".to_owned(),
        ),
    };
    Error::builder(kind, message).build()
}
