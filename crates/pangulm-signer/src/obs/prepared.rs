//! What is there between the two phases.

use std::fmt;

/// A header signature, presigned URL or policy that only lacks its MAC. It owns what it needs: the
/// request may be gone. The second phase is `finish`.
pub struct Prepared<T> {
    pub(crate) string_to_sign: String,
    pub(crate) unfinished: T,
}

impl<T> Prepared<T> {
    /// What to make the HMAC-SHA1 of, with the bytes of the secret key as the key. It holds the
    /// security token of a temporary key: do not log it.
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }
}

impl<T> fmt::Debug for Prepared<T> {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").finish_non_exhaustive()
    }
}
