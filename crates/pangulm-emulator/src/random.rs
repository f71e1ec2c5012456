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
