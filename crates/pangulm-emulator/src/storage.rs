//! What jobs read from OBS and write to it.

use bytes::Bytes;

use crate::state::State;

/// Bucket and path of `obs://bucket/path`.
pub(crate) fn at(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("obs://")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

/// Whether there is anything at or under a path.
pub(crate) fn holds(_state: &State, _bucket: &str, _path: &str) -> bool {
    true
}

/// Writes a result.
pub(crate) fn store_result(_state: &State, _bucket: &str, _key: &str, _bytes: Bytes) {}
