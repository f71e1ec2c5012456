//! Lists of names and values as they cross: `name=value&name=value`, percent-encoded.

use std::borrow::Cow;

/// A list that was read; a name without `=` has no value.
pub(crate) struct List<'a>(Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>);

impl<'a> List<'a> {
    /// Nothing if what is encoded is no UTF-8. Nothing between two `&` is no pair.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| match pair.split_once('=') {
            Some((name, value)) => Some((decode(name)?, Some(decode(value)?))),
            None => Some((decode(pair)?, None)),
        });
        decoded.collect::<Option<_>>().map(Self)
    }

    /// The value of the first pair of this name.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(other, _)| *other == name)?.1
    }

    /// The same, or the empty text.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0
            .iter()
            .map(|(name, value)| (&**name, value.as_deref()))
    }

    /// The pairs where no value is an empty one.
    pub(crate) fn plain_pairs(&self) -> Vec<(&str, &str)> {
        self.pairs()
            .map(|(name, value)| (name, value.unwrap_or_default()))
            .collect()
    }
}

/// Decodes `%XX` once; a `%` without two hexadecimal digits is a literal one, and a `+` a plus.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    let Some((start, mut rest)) = text.split_once('%') else {
        return Some(Cow::Borrowed(text));
    };
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend_from_slice(start.as_bytes());
    loop {
        match rest.get(..2).and_then(byte) {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(2..).unwrap_or_default();
            }
            None => bytes.push(b'%'),
        }
        let Some((plain, after)) = rest.split_once('%') else {
            bytes.extend_from_slice(rest.as_bytes());
            return String::from_utf8(bytes).ok().map(Cow::Owned);
        };
        bytes.extend_from_slice(plain.as_bytes());
        rest = after;
    }
}

fn byte(digits: &str) -> Option<u8> {
    let mut value = 0;
    for digit in digits.chars() {
        value = value * 16 + u8::try_from(digit.to_digit(16)?).ok()?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn a_list_is_read_as_servers_read_a_query() {
        let list = List::read("a=1%202&&b&%E6%95%B0=%3D%26%25&c=1+1=2&d=100%&e=%zz%4").unwrap();
        let pairs: Vec<_> = list.pairs().collect();
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
        assert_eq!(list.find("a"), Some("1 2"));
        assert_eq!(list.text("b"), "");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(List::read("a=%FF").is_none());
        assert!(List::read("a=%é").is_some());
    }
}
