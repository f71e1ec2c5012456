//! Searching in bytes, eight at a time: streams are long, and nearly all of their bytes are plain.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Where the first byte is that is one of `marks`, or less than `below` (at most 128).
pub(crate) fn find(bytes: &[u8], marks: [u8; 2], below: u8) -> Option<usize> {
    let [first, second] = marks;
    let (firsts, seconds) = (ONES * u64::from(first), ONES * u64::from(second));
    let lowest = ONES * u64::from(below);
    // Exact up to the first byte that is meant: borrows only run on from there.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut start = 0;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let small = word.wrapping_sub(lowest) & !word;
        let found = (zeros(word ^ firsts) | zeros(word ^ seconds) | small) & HIGHS;
        if found != 0 {
            let bits = usize::try_from(found.trailing_zeros()).ok()?;
            return Some(start + bits / 8);
        }
        start += 8;
    }
    let meant = |byte: &u8| *byte == first || *byte == second || *byte < below;
    rest.iter().position(meant).map(|offset| start + offset)
}

/// How many bytes are the same at the beginning of both.
pub(crate) fn shared(one: &[u8], other: &[u8]) -> usize {
    let words = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    let mut same = words.take_while(|(one, other)| one == other).count() * 8;
    while one
        .get(same)
        .is_some_and(|byte| other.get(same) == Some(byte))
    {
        same += 1;
    }
    same
}

#[cfg(test)]
mod tests {
    use super::{find, shared};

    #[test]
    fn a_common_beginning_is_found_wherever_it_ends() {
        let text = b"0123456789abcdefghijklmnop";
        for at in 0..text.len() {
            let mut other = *text;
            other[at] = b'-';
            for (one, other) in [(&text[..], &other[..]), (&other[..], &text[..])] {
                assert_eq!(shared(one, other), at);
            }
            assert_eq!(shared(text, &text[..at]), at);
        }
    }

    #[test]
    fn the_first_byte_that_is_meant_is_found_wherever_it_stands() {
        let fillings = [
            b'a', 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0xa2, 0xdc, 0xff,
        ];
        for filling in fillings {
            for length in 0..20 {
                for at in 0..length {
                    for mark in [b'"', b'\\', 0, 0x1f] {
                        let mut bytes = vec![filling; length];
                        bytes[at] = mark;
                        let plain = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
                        let expected = bytes.iter().position(plain);
                        assert_eq!(find(&bytes, [b'"', b'\\'], 0x20), expected, "{bytes:?}");
                        let expected = bytes.iter().position(|byte| *byte == mark);
                        assert_eq!(find(&bytes, [mark; 2], 0), expected, "{bytes:?}");
                    }
                }
            }
        }
    }
}
