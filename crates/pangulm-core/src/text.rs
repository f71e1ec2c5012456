//! Putting texts together without `format!`: it costs several KB of a wasm file, and some hundred
//! bytes more at every use.

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
    let end = text.char_indices().nth(count);
    text.get(..end.map_or(text.len(), |(at, _)| at))
        .unwrap_or_default()
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
