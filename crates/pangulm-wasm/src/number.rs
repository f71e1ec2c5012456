//! Numbers of JavaScript as numbers of the engine.

/// JavaScript's times are floating point.
#[allow(
    clippy::as_conversions,
    reason = "the one conversion there is; it saturates"
)]
pub(crate) fn milliseconds(number: f64) -> u64 {
    number as u64
}
