//! The memory that both sides write to.

use std::cell::RefCell;

thread_local! {
    /// As long as the longest request so far: bodies that are long are hashed elsewhere.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where the room is, once it holds at least so many bytes.
pub(crate) fn at_least(length: usize) -> *mut u8 {
    ROOM.with_borrow_mut(|room| {
        if room.len() < length {
            room.resize(length, 0);
        }
        room.as_mut_ptr()
    })
}

/// Gives the parts at the start of the room, of these lengths, to `work`; wipes them, for one may
/// be a secret; and leaves in their place what came of it, whose length is returned.
pub(crate) fn with_room<const PARTS: usize>(
    lengths: [usize; PARTS],
    work: impl FnOnce([&[u8]; PARTS]) -> Result<String, String>,
) -> usize {
    ROOM.with_borrow_mut(|room| {
        let mut rest = room.as_slice();
        let parts = lengths.map(|length| {
            let (part, after) = rest.split_at_checked(length).unwrap_or_default();
            rest = after;
            part
        });
        let made = work(parts).unwrap_or_else(|refusal| refusal);
        if let Some(used) = room.get_mut(..lengths.iter().sum()) {
            used.fill(0);
        }
        if room.len() < made.len() {
            room.resize(made.len(), 0);
        }
        if let Some(start) = room.get_mut(..made.len()) {
            start.copy_from_slice(made.as_bytes());
        }
        made.len()
    })
}

#[cfg(test)]
mod tests {
    use super::{ROOM, at_least, with_room};

    fn room() -> Vec<u8> {
        ROOM.with_borrow(Clone::clone)
    }

    #[test]
    fn what_was_given_is_wiped_and_what_was_made_takes_its_place() {
        at_least(12);
        ROOM.with_borrow_mut(|room| room.copy_from_slice(b"a secret ..."));
        let length = with_room([1, 8], |[first, second]| {
            assert_eq!((first, second), (b"a".as_slice(), b" secret ".as_slice()));
            Ok("made".to_owned())
        });
        assert_eq!(
            (length, room().as_slice()),
            (4, b"made\0\0\0\0\0...".as_slice())
        );
    }

    #[test]
    fn the_room_grows_for_what_is_made() {
        assert_eq!(with_room([], |[]| Err("longer".to_owned())), 6);
        assert_eq!(room(), b"longer");
    }

    #[test]
    fn parts_that_are_not_there_are_empty() {
        at_least(4);
        with_room([2, 1_000], |[_, beyond]| {
            assert!(beyond.is_empty());
            Ok(String::new())
        });
    }
}
