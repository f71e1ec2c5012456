//! The lock on the access key: five failures in a row shut it for five minutes (facts: auth 1.1).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const FAILURES: u32 = 5;
const LOCKED_SECONDS: u64 = 5 * 60;

/// How many keys with failures are remembered.
const MOST: usize = 1_000;

/// A lock for each access key that has failed.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<BTreeMap<String, Lock>>);

#[derive(Debug, Default)]
struct Lock {
    failures: u32,
    until: u64,
}

impl Keys {
    pub(crate) fn is_locked(&self, id: &str, now: u64) -> bool {
        self.lock().get(id).is_some_and(|lock| now < lock.until)
    }

    pub(crate) fn succeeded(&self, id: &str) {
        self.lock().remove(id);
    }

    pub(crate) fn failed(&self, id: &str, now: u64) {
        let mut locks = self.lock();
        if locks.len() >= MOST {
            locks.pop_first();
        }
        let lock = locks.entry(id.to_owned()).or_default();
        lock.failures += 1;
        if lock.failures >= FAILURES {
            *lock = Lock {
                failures: 0,
                until: now.saturating_add(LOCKED_SECONDS),
            };
        }
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Lock>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
