//! Lists of names and values as they cross: `name=value&name=value`, percent-encoded.

use std::borrow::Cow;

/// A list that was read; a name without `=` has no value.
pub(crate) type List<'a> = Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>;

/// Nothing if what is encoded is no UTF-8. Nothing between two `&` is no pair.
pub(crate) fn read(mut text: &str) -> Option<List<'_>> {
    let mut list = Vec::new();
    while !text.is_empty() {
        let (pair, after) = cut(text, b'&').unwrap_or((text, ""));
        text = after;
        match cut(pair, b'=') {
            Some((name, value)) => list.push((decode(name)?, Some(decode(value)?))),
            None if pair.is_empty() => {}
            None => list.push((decode(pair)?, None)),
        }
    }
    Some(list)
}

/// The value of the first pair of this name.
pub(crate) fn find<'a>(list: &'a List<'_>, name: &str) -> Option<&'a str> {
    pairs(list).find(|(other, _)| *other == name)?.1
}

pub(crate) fn pairs<'a>(list: &'a List<'_>) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    list.iter().map(|(name, value)| (&**name, value.as_deref()))
}

/// The pairs where no value is an empty one.
pub(crate) fn plain_pairs<'a>(list: &'a List<'_>) -> Vec<(&'a str, &'a str)> {
    pairs(list)
        .map(|(name, value)| (name, value.unwrap_or_default()))
        .collect()
}

/// What is before the first of these ASCII characters, and what is after it. The method of texts
/// looks for any character, and weighs more in a wasm file.
pub(crate) fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// Decodes `%XX` once; a `%` without two hexadecimal digits is a literal one, and a `+` a plus.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if cut(text, b'%').is_none() {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let decoded = match after {
            [high, low, after @ ..] if *first == b'%' => {
                let byte = digit(*high).zip(digit(*low));
                byte.map(|(high, low)| (high << 4 | low, after))
            }
            _ => None,
        };
        let (byte, after) = decoded.unwrap_or((*first, rest));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{find, pairs, read};

    #[test]
    fn a_list_is_read_as_servers_read_a_query() {
        let list = read("a=1%202&&b&%E6%95%B0=%3D%26%25&c=1+1=2&d=100%&e=%zz%4").unwrap();
        let pairs: Vec<_> = pairs(&list).collect();
        assert_eq!(
            pairs,
            [
                ("a", Some("1 2")),
                ("b", None),
                ("数", Some("=&%")),
                ("c", Some("1+1=2")),
                ("d", Some("100%")),
                ("e", Some("%zz%4")),
            ]
        );
        assert_eq!(find(&list, "a"), Some("1 2"));
        assert_eq!(find(&list, "b"), None);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(read("a=%FF").is_none());
        assert!(read("a=%é").is_some());
    }
}
