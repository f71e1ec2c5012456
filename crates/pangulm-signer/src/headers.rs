//! Which headers are signed, in which order, and which are refused.

use crate::{
    encode::holds,
    error::{Part, SignError},
    options::SignedHeaders,
};

pub(crate) const AUTHORIZATION: &str = "authorization";
pub(crate) const CONTENT_SHA256: &str = "x-sdk-content-sha256";
pub(crate) const CONTENT_TYPE: &str = "content-type";
pub(crate) const DATE: &str = "x-sdk-date";
pub(crate) const HOST: &str = "host";

/// The value of the first header of this name, trimmed.
pub(crate) fn find<'a>(headers: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| trim(value))
}

/// Spaces and tabs at both ends are no part of a value. Other white space is a control character,
/// which [`check`] refuses.
pub(crate) fn trim(value: &str) -> &str {
    value.trim_ascii()
}

/// Refuses headers that no HTTP message can hold, or that would make two messages of one.
pub(crate) fn check(headers: &[(&str, &str)]) -> Result<(), SignError> {
    for (index, (name, value)) in headers.iter().enumerate() {
        if !is_token(name) {
            return Err(SignError::new(
                Part::HeaderName(index),
                "is empty or holds a character that no header name may hold",
            ));
        }
        let refuse = |problem| Err(SignError::new(header(name), problem));
        if holds(value, |byte| byte.is_ascii_control() && byte != b'\t') {
            return refuse("has a control character in its value; remove it");
        }
        if name.eq_ignore_ascii_case(AUTHORIZATION) {
            return refuse("is there already; remove it before signing");
        }
    }
    Ok(())
}

/// Refuses a signed header that is there twice: the official signers disagree about what is
/// signed then. `sorted` is in the order of the names.
pub(crate) fn check_unique(sorted: &[(&str, &str)]) -> Result<(), SignError> {
    for pair in sorted.windows(2) {
        if let [(name, _), (next, _)] = pair
            && name.eq_ignore_ascii_case(next)
        {
            return Err(SignError::new(
                header(name),
                "is there more than once and would be signed; join its values into one",
            ));
        }
    }
    Ok(())
}

/// Whether the signature covers a header of this name.
pub(crate) fn is_signed(name: &str, choice: SignedHeaders) -> bool {
    let has_underscore = holds(name, |byte| byte == b'_');
    match choice {
        SignedHeaders::All => !has_underscore,
        SignedHeaders::Client => {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            let is_sdk = name
                .get(..6)
                .is_some_and(|start| start.eq_ignore_ascii_case("x-sdk-"));
            is(HOST)
                || is_sdk && !has_underscore
                || is("x-project-id")
                || is("x-domain-id")
                || is("x-security-token")
        }
    }
}

/// The names of methods and headers are tokens in the sense of HTTP.
pub(crate) fn is_token(name: &str) -> bool {
    !name.is_empty() && !holds(name, |byte| !is_token_byte(byte))
}

fn is_token_byte(byte: u8) -> bool {
    let bits = TOKEN_BYTES.get(usize::from(byte >> 5));
    bits.is_some_and(|bits| bits >> (byte & 31) & 1 == 1)
}

/// A bit for each byte that a token may hold: control characters, `0-9` with `!#$%&'*+-.`, `A-Z`
/// with `^_`, and `a-z` with `` `|~ ``.
const TOKEN_BYTES: [u32; 4] = [0, 0x03ff_6cfa, 0xc7ff_fffe, 0x57ff_ffff];

/// How many signed headers need no allocation. A client signs four to six.
const FEW: usize = 6;

/// The signed headers in the order of their lower-case names, as the caller spells them.
pub(crate) struct Sorted<'a> {
    few: [(&'a str, &'a str); FEW],
    count: usize,
    /// All of them, once they are too many.
    many: Vec<(&'a str, &'a str)>,
}

impl<'a> Sorted<'a> {
    pub(crate) fn new() -> Self {
        Self {
            few: [("", ""); FEW],
            count: 0,
            many: Vec::new(),
        }
    }

    pub(crate) fn insert(&mut self, header: (&'a str, &'a str)) {
        if let Some(free) = self.few.get_mut(self.count) {
            *free = header;
            self.count += 1;
            settle_last(self.few.get_mut(..self.count).unwrap_or_default());
            return;
        }
        if self.many.is_empty() {
            self.many.extend_from_slice(&self.few);
        }
        insert_sorted(&mut self.many, header);
    }

    pub(crate) fn as_slice(&self) -> &[(&'a str, &'a str)] {
        if self.many.is_empty() {
            self.few.get(..self.count).unwrap_or_default()
        } else {
            &self.many
        }
    }
}

/// Keeps the headers in the order of their lower-case names: there are few, and `sort` would bring
/// thousands of bytes into a wasm file.
pub(crate) fn insert_sorted<'a>(sorted: &mut Vec<(&'a str, &'a str)>, header: (&'a str, &'a str)) {
    sorted.push(header);
    settle_last(sorted);
}

/// Moves the last header to its place among the others, which are in order.
fn settle_last(headers: &mut [(&str, &str)]) {
    for at in (1..headers.len()).rev() {
        match headers.get(at - 1..=at) {
            Some([(before, _), (name, _)]) if is_after(before, name) => {
                headers.swap(at - 1, at);
            }
            _ => return,
        }
    }
}

/// Joined with `;` and in lower case, as lists of signed headers are written.
#[cfg(feature = "obs")]
pub(crate) fn join_names(sorted: &[(&str, &str)]) -> String {
    let mut names = Vec::with_capacity(names_length(sorted));
    push_names(sorted, &mut names);
    String::from_utf8(names).unwrap_or_default()
}

/// Adds the names to the end of a text, joined with `;` and in lower case.
pub(crate) fn push_names(sorted: &[(&str, &str)], text: &mut Vec<u8>) {
    for (index, (name, _)) in sorted.iter().enumerate() {
        if index > 0 {
            text.push(b';');
        }
        push_lower_case(name, text);
    }
}

pub(crate) fn push_lower_case(name: &str, text: &mut Vec<u8>) {
    text.extend(name.bytes().map(|byte| byte.to_ascii_lowercase()));
}

/// The length of what [`push_names`] adds, or one byte more.
pub(crate) fn names_length(sorted: &[(&str, &str)]) -> usize {
    sorted.iter().map(|(name, _)| name.len() + 1).sum()
}

/// Whether a name comes after another, both in lower case.
fn is_after(name: &str, other: &str) -> bool {
    for (byte, other) in name.bytes().zip(other.bytes()) {
        let (byte, other) = (byte.to_ascii_lowercase(), other.to_ascii_lowercase());
        if byte != other {
            return byte > other;
        }
    }
    name.len() > other.len()
}

pub(crate) fn header(name: &str) -> Part {
    Part::Header(name.to_ascii_lowercase())
}
