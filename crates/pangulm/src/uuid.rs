//! Names for conversations.

use std::hash::{BuildHasher, RandomState};

/// A UUID of version 4. It is random enough never to meet another, and no secret hangs on it.
pub(crate) fn uuid() -> String {
    // 128 bits that the system made, hashed: see RandomState.
    let keys = RandomState::new();
    let (high, low) = (keys.hash_one(0), keys.hash_one(1));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn uuids_have_the_usual_form_and_differ() {
        let many: HashSet<String> = (0..1_000).map(|_| uuid()).collect();
        assert_eq!(many.len(), 1_000);
        for uuid in many {
            let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
            let digit = |at| uuid.chars().nth(at).unwrap();
            assert_eq!(digit(14), '4', "{uuid}");
            assert!("89ab".contains(digit(19)), "{uuid}");
            assert!(uuid.chars().all(|c| c == '-' || c.is_ascii_hexdigit()));
        }
    }
}
