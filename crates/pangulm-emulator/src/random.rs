//! Ids that differ from call to call. Nothing secret hangs on them.

use std::hash::{BuildHasher, RandomState};

/// `length` hexadecimal digits.
pub(crate) fn hex(length: usize) -> String {
    let mut digits = String::with_capacity(length + 16);
    while digits.len() < length {
        digits.push_str(&format!(
            "{:016x}",
            RandomState::new().hash_one(digits.len())
        ));
    }
    digits.truncate(length);
    digits
}

/// A UUID of version 4.
pub(crate) fn uuid() -> String {
    let digits = hex(32);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}
