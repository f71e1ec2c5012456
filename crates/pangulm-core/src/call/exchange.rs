//! Getting from IAM what calls are made with: a token by password, and what IAM grants in exchange
//! for another credential. One call gets it for all; the others wait, or go on with what they have.

use super::classify::of_failure;
use super::machine::is_success;
use super::prepare::{Arguments, Prepared, prepare};
use super::step::{Failure, FailureKind, FreshToken, Header, Request, RequestBody, Step};
use super::{Call, Head, State};
use crate::call::classify::Phase;
use crate::credential::{Chosen, GRANTS, Granted, Password, TokenSource};
use crate::error::{Error, ErrorKind};
use crate::iam;
use crate::operation::Operation;
use crate::secret::Secret;
use crate::settings::{Settings, check_credential};
use crate::shared::{Acquired, Grant, Lease};
use crate::text::concat;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

/// The time for asking IAM, if the call has more than that left.
const TIMEOUT_MS: u64 = 30_000;
/// The life of a token whose end nobody knows: it is replaced when the service refuses it.
const UNKNOWN_LIFETIME_MS: u64 = 10 * 365 * 86_400_000;

const TOKEN: &str = "createToken";
const KEY: &str = "createTemporaryAccessKey";

/// A request of the engine's own to IAM.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) operation: &'static Operation,
    pub(super) prepared: Prepared,
    body: Secret,
}

impl Exchange {
    #[inline(never)]
    fn new(settings: &Settings, id: &str, body: Zeroizing<String>) -> Result<Self, Error> {
        let operation = Operation::find(id)?;
        let arguments = Arguments {
            // The catalogue of all services would be some 100 KB.
            parameters: operation
                .parameters
                .iter()
                .map(|parameter| (parameter.name, "true"))
                .collect(),
            body: Some(body.as_bytes()),
            ..Arguments::default()
        };
        Ok(Self {
            operation,
            prepared: prepare(settings, operation, settings.credentials.base(), &arguments)?,
            body: Secret::new(&body),
        })
    }

    pub(super) fn request(&self, headers: Vec<Header>, time_left: u64) -> Request {
        Request {
            method: self.operation.method,
            url: self.prepared.url(),
            headers,
            body: RequestBody::Own(Zeroizing::new(self.body.expose().to_owned())),
            timeout_ms: time_left.min(TIMEOUT_MS),
        }
    }
}

impl Call {
    pub(super) fn with_grant(&mut self, granted: Granted) -> Step {
        let acquired = self
            .shared
            .state()
            .grant
            .acquire(self.id, self.now.steady_ms);
        match acquired {
            Acquired::Use(grant) => self.use_grant(grant),
            Acquired::Wait => self.wait_for_grant(),
            Acquired::Failed(error) => self.fail(error),
            Acquired::Fetch => {
                self.granting = true;
                let shared = Arc::clone(&self.shared);
                let settings = shared.settings();
                let id = if granted == Granted::Key { KEY } else { TOKEN };
                match Exchange::new(settings, id, iam::grant_request(settings)) {
                    Ok(exchange) => {
                        self.exchange = Some(Box::new(exchange));
                        self.prove(settings.credentials.base())
                    }
                    Err(error) => self.fail(error),
                }
            }
        }
    }

    pub(super) fn with_cached_token(&mut self, source: &TokenSource) -> Step {
        let acquired = self
            .shared
            .state()
            .token
            .acquire(self.id, self.now.steady_ms);
        match (acquired, source) {
            (Acquired::Use(grant), _) => self.send_with_token(grant.token),
            (Acquired::Wait, _) => self.wait_for_grant(),
            (Acquired::Failed(error), _) => self.give_up(error),
            (Acquired::Fetch, TokenSource::Password(login)) => self.log_in(login),
            (Acquired::Fetch, _) => {
                self.state = State::AskingToken;
                Step::Token
            }
        }
    }

    /// Whoever fetches may need the turn to sign that this call holds.
    fn wait_for_grant(&mut self) -> Step {
        let mut state = self.shared.state();
        let woken = state.gate.leave(self.id);
        state.wake(woken);
        drop(state);
        self.wait()
    }

    fn log_in(&mut self, login: &Password) -> Step {
        let shared = Arc::clone(&self.shared);
        let settings = shared.settings();
        if GRANTS
            && settings.credentials.passcode.is_some()
            && std::mem::replace(&mut shared.state().passcode_sent, true)
        {
            let message = "has served already: it is good for one login. Make a new client with a new passcode; a program that outlives a token needs a token function or an access key pair";
            let error = Error::builder(ErrorKind::Credential, message).field("passcode");
            return self.on_grant_failure(error.build(), false);
        }
        match Exchange::new(settings, TOKEN, iam::token_request(login, settings)) {
            Ok(request) => {
                self.state = State::FetchingToken;
                let headers = request.prepared.plain_headers();
                Step::Send(request.request(headers, self.left()))
            }
            Err(error) => self.fail(error),
        }
    }

    /// Whether what is being got is a token that the client's credentials themselves give, not
    /// what IAM grants in exchange for one.
    fn at_base(&self) -> bool {
        !GRANTS || !self.granting || self.exchange.is_some()
    }

    /// The operation of IAM's that is under way.
    fn asked(&self) -> &'static str {
        let for_key = !self.at_base() && self.shared.settings().credentials.temporary.is_some();
        if for_key { KEY } else { TOKEN }
    }

    #[inline(never)]
    pub(super) fn on_granted(&mut self, body: &mut Vec<u8>) -> Step {
        let asked = self.asked();
        let named = |error: Error| error.into_builder().operation(asked).build();
        let Head { status, headers } = std::mem::take(&mut self.head);
        if !is_success(status) {
            let shown = self.without_credential(body);
            let error = named(Error::of_answer(status, &headers, &shown));
            drop(shown);
            if !self.at_base()
                && error.refuses_credential()
                && let Some(step) = self.on_refused_credential(&headers, &error)
            {
                return step;
            }
            let transient = error.is_transient();
            return self.on_grant_failure(error, transient);
        }
        let lease = match &self.shared.settings().credentials.temporary {
            Some(temporary) if GRANTS && asked == KEY => {
                let asked_ms = u64::from(temporary.duration_seconds) * 1_000;
                iam::read_key(&headers, body, self.now, asked_ms)
            }
            _ => iam::read_token(&headers, body, self.now),
        };
        body.zeroize();
        match lease {
            Ok(lease) => self.use_new_grant(lease),
            Err(error) => self.on_grant_failure(named(error), false),
        }
    }

    pub(super) fn on_callback(&mut self, given: &Result<FreshToken, String>) -> Step {
        let error = match given {
            Ok(fresh) => match check_credential("token", fresh.token.expose()) {
                Ok(()) => {
                    let lifetime = fresh.lifetime_ms.unwrap_or(UNKNOWN_LIFETIME_MS);
                    let grant = Grant::token(fresh.token.clone());
                    return self.use_new_grant(Lease::new(grant, self.now.steady_ms, lifetime));
                }
                Err(error) => error,
            },
            Err(reason) => {
                let message = concat(&["the token function failed: ", reason]);
                let error = Error::builder(ErrorKind::Credential, message);
                error.field("token").build()
            }
        };
        self.on_grant_failure(error, false)
    }

    fn use_new_grant(&mut self, lease: Lease) -> Step {
        let grant = lease.grant.clone();
        let at_base = self.at_base();
        if !at_base {
            self.welcome();
        }
        let mut state = self.shared.state();
        let woken = if at_base {
            state.token.store(lease)
        } else {
            state.grant.store(lease)
        };
        state.wake(woken);
        drop(state);
        self.use_grant(grant)
    }

    /// Goes on with what was got: to the exchange it is for, or to the call itself.
    fn use_grant(&mut self, grant: Grant) -> Step {
        if self.exchange.is_none() {
            self.granting = false;
        }
        match grant.key {
            None => self.send_with_token(grant.token),
            Some(pair) => {
                self.token = Some(grant.token);
                self.sign_with(&pair)
            }
        }
    }

    /// The transport failed. A passcode that may have arrived has served.
    #[inline(never)]
    pub(super) fn on_grant_broken(&mut self, failure: &Failure) -> Step {
        let error = of_failure(failure, Phase::Head)
            .into_builder()
            .operation(self.asked())
            .build();
        if failure.kind == FailureKind::NotConnected {
            self.shared.state().passcode_sent = false;
        }
        self.on_grant_failure(error, failure.kind != FailureKind::TooLarge)
    }

    fn on_grant_failure(&mut self, error: Error, transient: bool) -> Step {
        // This call's time is over, not that of those who wait: one of them takes over.
        if self.left() == 0 {
            return self.fail(error);
        }
        let passcode_served = self.at_base() && self.shared.state().passcode_sent;
        let again = transient && !passcode_served;
        if again && let Some(step) = self.sleep_before_retry(&error) {
            // The ticket stays with this call; whoever waits goes on waiting.
            return step;
        }
        let at_base = self.at_base();
        let mut state = self.shared.state();
        let cache = if at_base {
            &mut state.token
        } else {
            &mut state.grant
        };
        let (valid, woken) = cache.fail(self.now.steady_ms, &error);
        state.wake(woken);
        drop(state);
        match valid {
            Some(grant) => self.use_grant(grant),
            None if at_base => self.give_up(error),
            None => self.fail(error),
        }
    }

    /// Nothing to prove with who is calling: the end of this call, or of the exchange it is about,
    /// without which an older grant may still serve.
    pub(super) fn give_up(&mut self, error: Error) -> Step {
        if self.exchange.take().is_some() {
            return self.on_grant_failure(error, false);
        }
        self.fail(error)
    }

    pub(super) fn send_with_token(&mut self, token: Secret) -> Step {
        let step = self.send_with("x-auth-token", token.expose());
        self.token = Some(token);
        step
    }

    /// The credential of the request under way.
    pub(super) fn chosen(&self) -> Chosen<'_> {
        let credentials = &self.shared.settings().credentials;
        if GRANTS && self.granting {
            credentials.base()
        } else {
            credentials.choose(self.operation).unwrap_or(Chosen::None)
        }
    }
}
