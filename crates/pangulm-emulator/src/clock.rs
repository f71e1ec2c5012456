//! The server's clock, which an admin call can set wrong.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's clock plus an offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_seconds: AtomicI64,
}

impl Clock {
    pub(crate) fn set_offset(&self, seconds: i64) {
        self.offset_seconds.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn micros(&self) -> u64 {
        let machine = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_micros();
        let offset = self
            .offset_seconds
            .load(Ordering::Relaxed)
            .saturating_mul(1_000_000);
        u64::try_from(machine)
            .unwrap_or(u64::MAX)
            .saturating_add_signed(offset)
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.micros() / 1_000_000
    }
}
