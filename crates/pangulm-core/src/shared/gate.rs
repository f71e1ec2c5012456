//! Who may sign now. Five refused signatures in a row lock an access key for five minutes, so
//! until one was accepted, signed calls go one at a time, and after two refusals none goes.

use super::{CallId, wait_in};

const REFUSALS_BEFORE_STOP: u8 = 2;

/// The gate before signed requests.
#[derive(Debug, Default)]
pub(crate) struct SigningGate {
    proven: bool,
    holder: Option<CallId>,
    waiting: Vec<CallId>,
    refusals: u8,
}

/// What a call may do at the gate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Go,
    Wait,
    /// The key has been refused too often to risk another try.
    Stop,
}

impl SigningGate {
    pub(crate) fn enter(&mut self, call: CallId) -> Entry {
        if self.refusals >= REFUSALS_BEFORE_STOP {
            return Entry::Stop;
        }
        if self.proven || self.holder == Some(call) {
            return Entry::Go;
        }
        if self.holder.is_some() {
            wait_in(&mut self.waiting, call);
            return Entry::Wait;
        }
        self.holder = Some(call);
        Entry::Go
    }

    /// The service took a signature. Returns the calls to wake.
    pub(crate) fn accepted(&mut self) -> Vec<CallId> {
        self.proven = true;
        self.refusals = 0;
        self.holder = None;
        std::mem::take(&mut self.waiting)
    }

    /// The service refused a signature, and not for the clock.
    pub(crate) fn refused(&mut self) {
        self.proven = false;
        self.refusals = self.refusals.saturating_add(1);
    }

    /// The call is over or given up. Returns the calls to wake.
    pub(crate) fn leave(&mut self, call: CallId) -> Vec<CallId> {
        self.waiting.retain(|waiting| *waiting != call);
        if self.holder != Some(call) {
            return Vec::new();
        }
        self.holder = None;
        std::mem::take(&mut self.waiting)
    }
}
