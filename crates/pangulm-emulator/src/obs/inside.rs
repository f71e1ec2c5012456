//! What the platform's other services do with the bucket: jobs read their input and write their results.

use super::{BUCKET, Object, md5};
use crate::state::State;

/// Bucket and path of `obs://bucket/path`.
pub(crate) fn at(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("obs://")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

/// Whether there is anything at or under a path.
pub(crate) fn holds(state: &State, bucket: &str, path: &str) -> bool {
    let path = path.trim_start_matches('/');
    let kept = state.obs.lock();
    let mut onwards = kept.objects.range(path.to_owned()..);
    bucket == BUCKET && onwards.next().is_some_and(|(key, _)| key.starts_with(path))
}

/// Keeps a result. Where there is no such bucket, or no room, it is lost.
pub(crate) fn store_result(state: &State, bucket: &str, key: &str, bytes: &[u8]) {
    let mut writer = state.obs.writer();
    if bucket != BUCKET || writer.write(bytes).is_err() {
        return;
    }
    let Ok(content) = writer.finish() else {
        return;
    };
    let object = Object {
        content,
        etag: md5::etag_of(bytes),
        content_type: Some("application/json".to_owned()),
        metadata: Vec::new(),
        modified: state.clock.micros(),
    };
    // Only a full storage refuses it.
    let _ = state.obs.keep(key, object);
}
