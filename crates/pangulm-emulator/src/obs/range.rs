//! The `Range` header.

use std::ops::Range;

/// What part of a body is asked for.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    Whole,
    Part(Range<u64>),
    Unsatisfiable,
}

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`. Anything else asks for the whole, as HTTP says.
pub(super) fn read(header: Option<&str>, length: u64) -> Wanted {
    let Some((from, to)) = header
        .and_then(|value| value.strip_prefix("bytes="))
        .and_then(|value| value.split_once('-'))
    else {
        return Wanted::Whole;
    };
    let number = |text: &str| text.parse::<u64>().ok();
    let range = match (number(from), number(to)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Some(first), None) if to.is_empty() => first..length,
        (None, Some(count)) if from.is_empty() => length.saturating_sub(count)..length,
        _ => return Wanted::Whole,
    };
    if range.start < range.end {
        Wanted::Part(range)
    } else {
        Wanted::Unsatisfiable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_has_them() {
        for (header, wanted) in [
            ("bytes=0-1", Wanted::Part(0..2)),
            ("bytes=8-", Wanted::Part(8..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=5-99", Wanted::Part(5..10)),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=3-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
        ] {
            assert_eq!(read(Some(header), 10), wanted, "{header}");
        }
        assert_eq!(read(None, 10), Wanted::Whole);
    }
}
