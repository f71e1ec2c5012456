//! How far the local clock is from the service's.

use crate::error::Error;
use crate::headers::Headers;
use crate::time::{self, Moment};

/// Below this a signature is not refused for its date (the gateway allows 15 minutes), and a
/// correction would only be noise.
const WORTH_CORRECTING_MS: i64 = 240_000;
/// An answer that took longer says too little about the service's clock.
const LONGEST_ROUND_TRIP_MS: u64 = 60_000;

/// The correction to add to the local wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Skew {
    offset_ms: i64,
}

impl Skew {
    /// The service's time by our knowledge.
    pub(crate) fn correct(self, wall_ms: u64) -> u64 {
        wall_ms.saturating_add_signed(self.offset_ms)
    }

    /// Learns from an answer that refused a signature made with the correction `used`; `true` if
    /// the clock was wrong enough to explain the refusal. Another call may have learned the same
    /// since: then the refusal is explained all the same.
    pub(crate) fn learn(
        &mut self,
        used: Self,
        sent: Moment,
        received: Moment,
        headers: &Headers,
        error: &Error,
    ) -> bool {
        let round_trip = received.steady_ms.saturating_sub(sent.steady_ms);
        if round_trip > LONGEST_ROUND_TRIP_MS || headers.get("age").is_some() {
            return false;
        }
        let from_header = headers.date().map(|seconds| seconds.saturating_mul(1_000));
        let Some(service_ms) = server_time(error.message()).or(from_header) else {
            return false;
        };
        let middle = received.wall_ms.saturating_sub(round_trip / 2);
        let signed = |milliseconds: u64| i64::try_from(milliseconds).unwrap_or(i64::MAX);
        let offset_ms = signed(service_ms) - signed(middle);
        let wrong =
            offset_ms.saturating_sub(used.offset_ms).saturating_abs() >= WORTH_CORRECTING_MS;
        if wrong {
            self.offset_ms = offset_ms;
        }
        wrong
    }
}

/// The time in `… server time:20260131T080000Z …`, as the gateway's refusal of an old signature
/// gives it.
fn server_time(message: &str) -> Option<u64> {
    const LABEL: &[u8] = b"server time:";
    let windows = message.as_bytes().windows(LABEL.len());
    let at = windows
        .map(|window| window.eq_ignore_ascii_case(LABEL))
        .position(|found| found)?;
    let rest = message.get(at + LABEL.len()..)?.trim_ascii_start();
    let end = rest.bytes().position(|byte| b",; \"".contains(&byte));
    time::parse_iso(rest.get(..end.unwrap_or(rest.len()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn at(wall_ms: u64) -> Moment {
        Moment {
            wall_ms,
            steady_ms: wall_ms,
        }
    }

    #[test]
    fn a_wrong_clock_is_learned_from_the_gateways_text_or_the_date_header() {
        let text = "Incorrect IAM authentication information: signature expired, signature time:20260131T060000Z, server time:20260131T080000Z";
        let error = Error::builder(ErrorKind::Service, text).build();
        let two_hours_behind = time::parse_iso("20260131T060000Z").unwrap();
        let mut skew = Skew::default();
        assert!(skew.learn(
            Skew::default(),
            at(two_hours_behind),
            at(two_hours_behind),
            &Headers::default(),
            &error
        ));
        assert_eq!(
            skew.correct(two_hours_behind),
            time::parse_iso("20260131T080000Z").unwrap()
        );
        assert!(
            !skew.learn(
                skew,
                at(two_hours_behind),
                at(two_hours_behind),
                &Headers::default(),
                &error
            ),
            "learned once"
        );

        let headers: Headers = [("date", "Sat, 31 Jan 2026 08:00:00 GMT")]
            .into_iter()
            .collect();
        let plain = Error::builder(ErrorKind::Service, "verify aksk signature fail").build();
        assert!(Skew::default().learn(
            Skew::default(),
            at(two_hours_behind),
            at(two_hours_behind),
            &headers,
            &plain
        ));
    }

    #[test]
    fn nothing_is_learned_from_a_slow_or_cached_answer_or_a_small_difference() {
        let now = time::parse_iso("20260131T080000Z").unwrap();
        let error = Error::builder(ErrorKind::Service, "verify aksk signature fail").build();
        let date = ("date", "Sat, 31 Jan 2026 10:00:00 GMT");
        let dated: Headers = [date].into_iter().collect();
        let cached: Headers = [date, ("age", "1")].into_iter().collect();
        let close: Headers = [("date", "Sat, 31 Jan 2026 08:03:00 GMT")]
            .into_iter()
            .collect();
        assert!(!Skew::default().learn(Skew::default(), at(now), at(now + 61_000), &dated, &error));
        assert!(!Skew::default().learn(Skew::default(), at(now), at(now), &cached, &error));
        assert!(!Skew::default().learn(Skew::default(), at(now), at(now), &close, &error));
    }
}
