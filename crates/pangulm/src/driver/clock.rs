//! The clocks of this machine, as the engine wants them read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pangulm_core::Moment;
use tokio::time::Instant;

/// Reads both clocks; the steady one counts from when this was made.
#[derive(Debug)]
pub(super) struct Clock {
    began: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self {
            began: Instant::now(),
        }
    }

    pub(super) fn now(&self) -> Moment {
        // A wall clock before 1970 is as wrong as any other; the engine corrects it.
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Moment {
            wall_ms: milliseconds(wall),
            steady_ms: milliseconds(self.began.elapsed()),
        }
    }
}

/// Whole milliseconds; a duration that does not fit is as good as endless.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
