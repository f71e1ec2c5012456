//! How fast a client may send, and how much at once: the user's limits, and what the service's own
//! refusals teach.
//!
//! Calls stand in one line. Whoever is first waits until a place is free and the space after the
//! last request is over, goes, and wakes the next. A refusal for the rate lowers the rate by a
//! quarter; while there is none, it grows again by a fixed step a second. So all who share a
//! service's limit settle at it.

use super::{CallId, wait_in};

/// Rates are counted in thousandths of a request a second.
const ONE: u64 = 1_000;
/// One request in ten seconds: what is slower is no rate but an outage.
const SLOWEST: u64 = ONE / 10;
const SECOND_US: u64 = 1_000_000;

/// The line of the calls of a client.
#[derive(Debug)]
pub(crate) struct Limiter {
    most_in_flight: usize,
    /// The user's limit.
    fastest: u64,
    /// What goes at most now; [`u64::MAX`] while neither user nor service has said anything.
    rate: u64,
    /// By how much the rate grows in a second; 0 while nothing was refused.
    step: u64,
    /// When the rate was changed last, in microseconds of the steady clock.
    changed_us: u64,
    /// When the next request may go.
    next_us: u64,
    /// When the current second began, and how much was sent in the one before and in this one.
    second_us: u64,
    sent: (u32, u32),
    in_flight: Vec<CallId>,
    line: Vec<CallId>,
}

/// What a call in line does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Go,
    /// Wait to be woken, or until so many milliseconds have passed.
    Wait(u64),
}

impl Limiter {
    /// A limiter, if there is a limit.
    pub(crate) fn new(per_second: Option<u32>, in_flight: Option<u32>) -> Option<Self> {
        per_second.or(in_flight)?;
        let fastest = per_second.map_or(u64::MAX, |most| u64::from(most) * ONE);
        let most_in_flight = in_flight.and_then(|most| usize::try_from(most).ok());
        Some(Self {
            most_in_flight: most_in_flight.unwrap_or(usize::MAX),
            fastest,
            rate: fastest,
            step: 0,
            changed_us: 0,
            next_us: 0,
            second_us: 0,
            sent: (0, 0),
            in_flight: Vec::new(),
            line: Vec::new(),
        })
    }

    /// Asks for a turn. Returns what to do, and whom to wake.
    #[inline(never)]
    pub(crate) fn enter(&mut self, call: CallId, now_ms: u64) -> (Turn, Option<CallId>) {
        let now_us = now_ms.saturating_mul(1_000);
        if self.in_flight.contains(&call) {
            return (Turn::Go, None);
        }
        wait_in(&mut self.line, call);
        if self.line.first() != Some(&call) || self.in_flight.len() >= self.most_in_flight {
            return (Turn::Wait(u64::MAX), None);
        }
        if now_us < self.next_us {
            return (Turn::Wait((self.next_us - now_us).div_ceil(1_000)), None);
        }
        self.line.remove(0);
        self.in_flight.push(call);
        self.count(now_us);
        let space = self.space_us();
        // A timer's delay is made up for by the next request.
        let late = now_us - self.next_us;
        self.next_us = if late < space { self.next_us } else { now_us }.saturating_add(space);
        (Turn::Go, self.line.first().copied())
    }

    fn space_us(&self) -> u64 {
        ONE * SECOND_US / self.rate
    }

    fn count(&mut self, now_us: u64) {
        if now_us.saturating_sub(self.second_us) >= SECOND_US {
            self.second_us = now_us;
            self.sent = (self.sent.1, 0);
        }
        self.sent.1 += 1;
    }

    /// The service took a request.
    #[inline(never)]
    pub(crate) fn accepted(&mut self, now_ms: u64) {
        let now_us = now_ms.saturating_mul(1_000);
        if self.step > 0 && now_us.saturating_sub(self.changed_us) >= SECOND_US {
            self.rate = (self.rate + self.step).min(self.fastest);
            self.changed_us = now_us;
        }
    }

    /// The service refused for its limits what this call sent then, and asked for a pause. Returns
    /// how long the call is to sleep before it stands in line again, and whom to wake.
    #[inline(never)]
    pub(crate) fn throttled(
        &mut self,
        call: CallId,
        (sent_ms, now_ms): (u64, u64),
        pause_ms: u64,
    ) -> (u64, Option<CallId>) {
        let now_us = now_ms.saturating_mul(1_000);
        if self.step == 0 {
            let sent = self.sent.0.max(self.sent.1).max(1);
            self.rate = self.rate.min(u64::from(sent) * ONE);
            self.step = (self.rate / 32).max(ONE / 4);
        }
        // What was under way when the rate was lowered says nothing about the new one.
        if self.changed_us == 0 || sent_ms.saturating_mul(1_000) > self.changed_us {
            self.rate = (self.rate * 3 / 4).max(SLOWEST);
            self.changed_us = now_us;
        }
        let pause_us = pause_ms.saturating_mul(1_000).max(self.space_us());
        self.next_us = self.next_us.max(now_us.saturating_add(pause_us));
        (pause_us.div_ceil(1_000), self.leave(call))
    }

    /// A stream goes on under a number of its own when its call is over.
    #[inline(never)]
    pub(crate) fn rename(&mut self, call: CallId, stream: CallId) {
        let mut flying = self.in_flight.iter_mut();
        if let Some(flying) = flying.find(|flying| **flying == call) {
            *flying = stream;
        }
    }

    /// The call is over, or sleeps before it is sent again. Returns whom to wake.
    #[inline(never)]
    pub(crate) fn leave(&mut self, call: CallId) -> Option<CallId> {
        self.line.retain(|waiting| *waiting != call);
        self.in_flight.retain(|flying| *flying != call);
        self.line.first().copied()
    }
}
