//! The lock on the access key: five failures in a row shut it for five minutes (facts: auth 1.1).

use std::sync::{Mutex, MutexGuard, PoisonError};

const FAILURES: u32 = 5;
const LOCKED_SECONDS: u64 = 5 * 60;

/// The emulator has one access key, so there is one lock.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<Lock>);

#[derive(Debug, Default)]
struct Lock {
    failures: u32,
    until: u64,
}

impl Keys {
    pub(crate) fn is_locked(&self, now: u64) -> bool {
        now < self.lock().until
    }

    pub(crate) fn succeeded(&self) {
        self.lock().failures = 0;
    }

    pub(crate) fn failed(&self, now: u64) {
        let mut lock = self.lock();
        lock.failures += 1;
        if lock.failures >= FAILURES {
            *lock = Lock {
                failures: 0,
                until: now.saturating_add(LOCKED_SECONDS),
            };
        }
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Lock::default();
    }

    fn lock(&self) -> MutexGuard<'_, Lock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
