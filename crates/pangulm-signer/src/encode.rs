//! Percent-encoding of paths and queries by the rules of the signature.

use std::borrow::Cow;

/// The path as it is signed: percent-decoded once, every byte outside `A-Z a-z 0-9 - _ . ~ /`
/// encoded as `%XX`, and ending with `/`. An encoded slash becomes a slash; a `%` that no two
/// hexadecimal digits follow stays a literal `%`. The empty path is `/`.
///
/// ```
/// use pangulm_signer::canonical_path;
///
/// assert_eq!(canonical_path("/v1/a b%2Fc"), "/v1/a%20b/c/");
/// ```
#[must_use]
pub fn canonical_path(path: &str) -> String {
    let mut out = encoded_path(path).into_owned();
    if !out.ends_with('/') {
        out.push('/');
    }
    out
}

/// The path decoded and encoded, without the slash that may be missing at its end.
pub(crate) fn encoded_path(path: &str) -> Cow<'_, str> {
    let plain = |byte: u8| is_unreserved(byte) || byte == b'/';
    if !holds(path, |byte| !plain(byte)) {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len() + 1);
    let mut rest = path.as_bytes();
    while let Some(byte) = take_decoded(&mut rest) {
        push_byte(byte, plain(byte), &mut out);
    }
    Cow::Owned(out)
}

/// The query as it is signed, and as it must be sent: raw names and values percent-encoded,
/// sorted by the bytes of name, then value, joined as `name=value&name=value`. Empty when there
/// are no pairs. A space is `%20`, a plus is `%2B`.
///
/// ```
/// use pangulm_signer::canonical_query;
///
/// let pairs = [("limit", "10"), ("after", ""), ("Q", "1 + 1")];
/// assert_eq!(canonical_query(&pairs), "Q=1%20%2B%201&after=&limit=10");
/// ```
#[must_use]
pub fn canonical_query<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    // A query is short, and `sort` would bring thousands of bytes into a wasm file.
    let mut sorted: Vec<(&str, &str)> = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        let pair = (name.as_ref(), value.as_ref());
        sorted.insert(sorted.partition_point(|known| *known <= pair), pair);
    }
    join_sorted(&sorted)
}

fn join_sorted(pairs: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(
        pairs
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2)
            .sum::<usize>(),
    );
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        push_encoded(name, &mut out);
        out.push('=');
        push_encoded(value, &mut out);
    }
    out
}

fn push_encoded(text: &str, out: &mut String) {
    if !holds(text, |byte| !is_unreserved(byte)) {
        out.push_str(text);
    } else {
        text.bytes()
            .for_each(|byte| push_byte(byte, is_unreserved(byte), out));
    }
}

/// Slashes stay: between the segments of a path, and in a query, where they need no encoding.
#[cfg(feature = "obs")]
pub(crate) fn push_with_slashes(text: &str, out: &mut String) {
    text.bytes()
        .for_each(|byte| push_byte(byte, is_unreserved(byte) || byte == b'/', out));
}

fn push_byte(byte: u8, plain: bool, out: &mut String) {
    if plain {
        out.push(char::from(byte));
    } else {
        out.push('%');
        out.push(upper_hex(byte >> 4));
        out.push(upper_hex(byte & 15));
    }
}

/// The next byte after percent-decoding.
fn take_decoded(rest: &mut &[u8]) -> Option<u8> {
    if let [b'%', high, low, after @ ..] = *rest
        && let (Some(high), Some(low)) = (hex_value(*high), hex_value(*low))
    {
        *rest = after;
        return Some(high << 4 | low);
    }
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

/// Whether a byte of the text is of this kind. It looks at all of them: without an early end the
/// compiler takes sixteen and more at once.
pub(crate) fn holds(text: &str, kind: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |found, byte| found | kind(byte))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn upper_hex(nibble: u8) -> char {
    char::from(if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    })
}
