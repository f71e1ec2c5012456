//! The canonical request as a server rebuilds it from what it received.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::{authorization::Authorization, refusal::Refusal, verify::ReceivedRequest};

pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// Headers whose value must not be shown, not even to whoever sent it: texts get logged.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "cookie",
    "x-apig-appcode",
    "x-auth-token",
    "x-security-token",
    "x-subject-token",
];

type Header<'a> = (&'a str, &'a str);

/// The trimmed value of the only header of this name; two of them are a refusal, because it is
/// open which one another server would take.
pub(crate) fn only<'a>(headers: &[Header<'a>], name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim_matches(|c| c == ' ' || c == '\t'));
    let first = values.next();
    match values.next() {
        Some(_) => Err(Refusal::DuplicateHeader(name.to_owned())),
        None => Ok(first),
    }
}

/// The headers that the client says it signed, in its order, which is the canonical one.
pub(crate) fn signed_headers<'a>(
    received: &[Header<'a>],
    authorization: &Authorization<'a>,
) -> Result<Vec<Header<'a>>, Refusal> {
    authorization
        .signed_headers()
        .map(|name| match only(received, name)? {
            Some(value) => Ok((name, value)),
            None => Err(Refusal::MissingSignedHeader(name.to_owned())),
        })
        .collect()
}

/// The same headers with `***` for each value that is a secret.
pub(crate) fn redact<'a>(headers: &[Header<'a>]) -> Vec<Header<'a>> {
    let shown = |&(name, value): &Header<'a>| {
        (
            name,
            if SECRET_HEADERS.contains(&name) {
                "***"
            } else {
                value
            },
        )
    };
    headers.iter().map(shown).collect()
}

pub(crate) fn canonical_request(
    request: &ReceivedRequest<'_>,
    headers: &[Header<'_>],
    payload: &str,
) -> String {
    let mut lines = vec![
        request.method.to_uppercase(),
        path(request.path),
        query(request.query),
    ];
    lines.extend(
        headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}")),
    );
    lines.push(String::new());
    lines.push(
        headers
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(";"),
    );
    lines.push(payload.to_owned());
    lines.join("\n")
}

pub(crate) fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Each segment of the decoded path, encoded again, and a `/` at the end.
fn path(received: &str) -> String {
    let decoded = decode(received);
    let segments: Vec<String> = decoded.split(|byte| *byte == b'/').map(encode).collect();
    let mut path = segments.join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

/// Pairs decoded (a `+` is a plus), sorted as they then are, and encoded again.
fn query(received: &str) -> String {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = received
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    encoded.join("&")
}

pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part
            .get(..2)
            .filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            None => {
                bytes.push(b'%');
                bytes.extend(part.bytes());
            }
        }
    }
    bytes
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len()), |mut text, &byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(char::from(byte));
                }
                _ => {
                    let _ = write!(text, "%{byte:02X}");
                }
            }
            text
        })
}
