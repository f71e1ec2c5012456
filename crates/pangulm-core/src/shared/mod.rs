//! What the calls of one client share.

mod budget;
mod gate;
mod grant;
mod limiter;
mod skew;

pub(crate) use gate::Entry;
pub(crate) use grant::{Acquired, Grant, GrantCache, Lease};
pub(crate) use limiter::Turn;
pub(crate) use skew::Skew;

use crate::settings::Settings;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const FIRST_WAIT_MS: u64 = 500;
const LONGEST_WAIT_MS: u64 = 8_000;

/// A number for each call of a client, for waking the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u32);

/// What the calls of one client share: settings, grants of IAM, clock correction, retry budget, limits.
///
/// After every step, every dropped call and every stream that is over or dropped, the driver takes the calls to wake from
/// [`Shared::take_woken`] and gives each of them [`Input::Woken`](crate::Input::Woken).
#[derive(Debug)]
pub struct Shared {
    settings: Settings,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    /// Tokens by password or from the user's function.
    pub(crate) token: GrantCache,
    /// What IAM gives in exchange for another credential.
    pub(crate) grant: GrantCache,
    /// Whether the one-time passcode has been sent.
    pub(crate) passcode_sent: bool,
    pub(crate) gate: gate::SigningGate,
    pub(crate) skew: Skew,
    pub(crate) budget: budget::RetryBudget,
    /// None if the user has set no limit.
    pub(crate) limiter: Option<limiter::Limiter>,
    random: u64,
    last_call: u32,
    woken: Vec<CallId>,
}

impl Shared {
    /// Begins with nothing learned. `seed` spreads the retries of many clients; any number does.
    #[must_use]
    pub fn new(settings: Settings, seed: u64) -> Arc<Self> {
        let state = State {
            token: GrantCache::default(),
            grant: GrantCache::default(),
            passcode_sent: false,
            gate: gate::SigningGate::default(),
            skew: Skew::default(),
            budget: budget::RetryBudget::default(),
            limiter: limiter::Limiter::new(settings.requests_per_second, settings.max_concurrency),
            random: seed | 1,
            last_call: 0,
            woken: Vec::new(),
        };
        Arc::new(Self {
            settings,
            state: Mutex::new(state),
        })
    }

    /// The settings of the client.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The calls that may go on after [`Step::Wait`](crate::Step::Wait), each named once.
    #[must_use]
    pub fn take_woken(&self) -> Vec<CallId> {
        std::mem::take(&mut self.state().woken)
    }

    /// How long to wait before sending a request again that was sent `retries` times more than once,
    /// in milliseconds; `None` if the budget for retries is spent. For what is not among the
    /// operations, such as the object storage.
    #[must_use]
    pub fn retry_wait_ms(&self, retries: u32) -> Option<u64> {
        let mut state = self.state();
        let wait = state.wait_before_retry(retries);
        state.budget.spend().then_some(wait)
    }

    /// Earns a part of what a retry costs: a request that is not among the operations succeeded.
    pub fn request_succeeded(&self) {
        self.state().budget.earn();
    }

    /// A panic elsewhere leaves this state whole: every change is one assignment.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a call on a waiting list; one that was woken for nothing stands there already.
fn wait_in(list: &mut Vec<CallId>, call: CallId) {
    if !list.contains(&call) {
        list.push(call);
    }
}

impl State {
    pub(crate) fn next_call(&mut self) -> CallId {
        self.last_call = self.last_call.wrapping_add(1);
        CallId(self.last_call)
    }

    pub(crate) fn wake(&mut self, calls: impl IntoIterator<Item = CallId>) {
        self.woken.extend(calls);
    }

    /// The call is over, or given up: what it held is free, whom that concerns is woken.
    pub(crate) fn leave(&mut self, call: CallId) {
        let mut woken = self.token.leave(call);
        woken.extend(self.grant.leave(call));
        woken.extend(self.gate.leave(call));
        woken.extend(self.free(call));
        self.wake(woken);
    }

    /// The call is no longer in flight or in line. Returns whom to wake.
    pub(crate) fn free(&mut self, call: CallId) -> Option<CallId> {
        self.limiter.as_mut()?.leave(call)
    }

    /// A random wait, in milliseconds, that grows with the number of retries so far.
    pub(crate) fn wait_before_retry(&mut self, retries: u32) -> u64 {
        let longest = FIRST_WAIT_MS
            .saturating_mul(1 << retries.min(16))
            .min(LONGEST_WAIT_MS);
        self.random_up_to(longest)
    }

    /// A number from 0 to `most`, evenly spread: xorshift, for jitter only.
    pub(crate) fn random_up_to(&mut self, most: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % most.saturating_add(1)
    }
}

/// The place in flight of a stream, which lasts longer than its call.
pub(crate) struct Place {
    shared: Arc<Shared>,
    stream: CallId,
}

impl Place {
    /// Takes over the place of a call.
    pub(crate) fn of(shared: &Arc<Shared>, call: CallId) -> Option<Self> {
        let mut state = shared.state();
        let stream = state.next_call();
        state.limiter.as_mut()?.rename(call, stream);
        Some(Self {
            shared: Arc::clone(shared),
            stream,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        let woken = state.free(self.stream);
        state.wake(woken);
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Place")
    }
}
