//! Putting texts together and taking them apart in few bytes of wasm code.
//!
//! `format!` costs several KB of a wasm file and some hundred bytes more at every use. The standard
//! library's searching, splitting, trimming, parsing and counting know all of Unicode and are made
//! anew for every pattern; what the engine reads is marked by ASCII characters, so bytes do.

use crate::bytes;

/// The parts as one text.
#[must_use]
pub fn concat(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    parts.iter().for_each(|part| text.push_str(part));
    text
}

/// The decimal digits of a number.
#[must_use]
pub fn digits(number: u64) -> String {
    let mut text = match number / 10 {
        0 => String::new(),
        tens => digits(tens),
    };
    text.push(digit(number % 10));
    text
}

fn digit(number: u64) -> char {
    char::from(b'0' + u8::try_from(number).unwrap_or_default())
}

/// As many characters from the beginning.
pub(crate) fn first(text: &str, count: usize) -> &str {
    let mut starts = text.bytes().enumerate().filter(|(_, byte)| begins(*byte));
    let end = starts.nth(count).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// How many characters a text has.
pub(crate) fn length(text: &str) -> u64 {
    let count = text.bytes().filter(|byte| begins(*byte)).count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Whether a byte of UTF-8 begins a character.
fn begins(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// What stands before and after the first `mark`, an ASCII character, if there is one.
pub(crate) fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = bytes::find(text.as_bytes(), [mark; 2], 0)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What stands before the first `mark`: all of it if there is none.
pub(crate) fn before(text: &str, mark: u8) -> &str {
    cut(text, mark).map_or(text, |(before, _)| before)
}

/// The pieces between the marks, as `split` gives them: at least one, some of them empty.
pub(crate) fn pieces(text: &str, mark: u8) -> Pieces<'_> {
    Pieces {
        rest: Some(text),
        mark,
    }
}

/// Iterator of [`pieces`].
#[derive(Clone)]
pub(crate) struct Pieces<'a> {
    rest: Option<&'a str>,
    mark: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        let Some((piece, after)) = cut(rest, self.mark) else {
            return Some(rest);
        };
        self.rest = Some(after);
        Some(piece)
    }
}

/// Whether all bytes of a text are of this kind; a function by its address, for its loop to be
/// compiled once.
pub(crate) fn holds_only(text: &str, kind: fn(u8) -> bool) -> bool {
    text.bytes().all(kind)
}

/// A whole number in decimal digits, up to 10^19 - 1.
pub(crate) fn number(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 19 || !holds_only(text, |byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = text.bytes().map(|byte| u64::from(byte - b'0'));
    Some(digits.fold(0, |number, digit| number * 10 + digit))
}

/// The bytes as a text, with U+FFFD for each that is not UTF-8.
#[must_use]
pub fn lossy(mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    loop {
        let valid = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) => error.valid_up_to(),
        };
        let (plain, rest) = bytes.split_at_checked(valid).unwrap_or_default();
        text.push_str(std::str::from_utf8(plain).unwrap_or_default());
        match rest.split_first() {
            Some((_, after)) => bytes = after,
            None => return text,
        }
        text.push('\u{fffd}');
    }
}

/// The bytes with every `from` replaced, or `None` if there is none.
pub(crate) fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest
        .windows(from.len().max(1))
        .position(|window| window == from)
    {
        out.extend_from_slice(rest.get(..at)?);
        out.extend_from_slice(to);
        rest = rest.get(at + from.len()..)?;
    }
    (rest.len() < bytes.len()).then(|| {
        out.extend_from_slice(rest);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_like_everywhere() {
        for number in [0, 7, 10, 404, 1_000, u64::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }

    #[test]
    fn texts_are_taken_apart_as_the_standard_library_does_it() {
        for text in ["", "/", "a", "a/b", "/盘古//x/", "盘/古"] {
            assert_eq!(cut(text, b'/'), text.split_once('/'), "{text}");
            assert_eq!(before(text, b'/'), text.split('/').next().unwrap());
            assert!(pieces(text, b'/').eq(text.split('/')), "{text}");
            assert_eq!(Ok(length(text)), u64::try_from(text.chars().count()));
            let two: String = text.chars().take(2).collect();
            assert_eq!(first(text, 2), two);
        }
        for text in ["", "0", "007", "9999999999999999999", "+1", "1x", "盘"] {
            let standard = text.parse().ok().filter(|_| !text.starts_with('+'));
            assert_eq!(number(text), standard, "{text}");
        }
        assert_eq!(number("18446744073709551615"), None, "twenty digits");
    }

    #[test]
    fn what_is_not_utf8_is_marked_and_the_rest_kept() {
        for text in ["", "plain", "盘古"] {
            assert_eq!(lossy(text.as_bytes()), text);
        }
        assert_eq!(lossy(b"a\xffb\xe7\x9b"), "a\u{fffd}b\u{fffd}\u{fffd}");
    }

    #[test]
    fn everything_found_is_replaced() {
        let by_star = |text: &str, from: &str| {
            replaced(text.as_bytes(), from.as_bytes(), b"*")
                .map(|bytes| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(by_star("aXbXX", "X").as_deref(), Some("a*b**"));
        assert_eq!(by_star("secret", "secret").as_deref(), Some("*"));
        assert_eq!(by_star("plain", "secret"), None);
        assert_eq!(by_star("plain", ""), None);
    }
}
