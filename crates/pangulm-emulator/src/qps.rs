//! The project's limit of requests a second: what is beyond is refused as `PANGU.3267`.
//!
//! That there is such a limit, and its code, is documented (facts: inference 11.2); how the platform
//! counts is not known. Here a bucket holds a second's worth and fills evenly.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The limit of all models together. It starts without one.
#[derive(Debug, Default)]
pub(crate) struct Qps(Mutex<Option<Bucket>>);

#[derive(Debug)]
struct Bucket {
    per_second: f64,
    left: f64,
    filled: Instant,
}

impl Qps {
    pub(crate) fn limited_to(per_second: u32) -> Self {
        let qps = Self::default();
        qps.set(per_second);
        qps
    }

    /// 0 is no limit.
    pub(crate) fn set(&self, per_second: u32) {
        let per_second = f64::from(per_second);
        let bucket = Bucket {
            per_second,
            left: per_second,
            filled: Instant::now(),
        };
        let bucket = (per_second > 0.0).then_some(bucket);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bucket;
    }

    /// Whether one more request is within the limit; it counts if it is.
    pub(crate) fn admits(&self, now: Instant) -> bool {
        let mut limit = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(bucket) = limit.as_mut() else {
            return true;
        };
        let grown = now.saturating_duration_since(bucket.filled).as_secs_f64() * bucket.per_second;
        bucket.left = (bucket.left + grown).min(bucket.per_second);
        bucket.filled = now;
        let admits = bucket.left >= 1.0;
        if admits {
            bucket.left -= 1.0;
        }
        admits
    }
}

#[cfg(test)]
mod tests {
    use super::Qps;
    use std::time::{Duration, Instant};

    #[test]
    fn a_seconds_worth_is_admitted_and_then_one_at_a_time() {
        let qps = Qps::limited_to(10);
        let begun = Instant::now();
        let admitted = |after: Duration| (0..64).filter(|_| qps.admits(begun + after)).count();
        assert_eq!(admitted(Duration::from_millis(1)), 10);
        assert_eq!(admitted(Duration::from_millis(210)), 2);
        let an_hour = Duration::from_secs(3_600);
        assert_eq!(admitted(an_hour), 10, "no more than a second's worth");
        qps.set(0);
        assert_eq!(admitted(an_hour), 64);
    }
}
