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
    match choice {
        SignedHeaders::All => !name.contains('_'),
        SignedHeaders::Client => {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            let is_sdk = name
                .get(..6)
                .is_some_and(|start| start.eq_ignore_ascii_case("x-sdk-"));
            is(HOST)
                || is_sdk && !name.contains('_')
                || is("x-project-id")
                || is("x-domain-id")
                || is("x-security-token")
        }
    }
}

/// The names of methods and headers are tokens in the sense of HTTP.
pub(crate) fn is_token(name: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token_byte)
}

/// Keeps the headers in the order of their lower-case names: there are few, and `sort` would bring
/// thousands of bytes into a wasm file.
pub(crate) fn insert_sorted<'a>(sorted: &mut Vec<(&'a str, &'a str)>, header: (&'a str, &'a str)) {
    let at = sorted.partition_point(|(known, _)| lower_case(known).le(lower_case(header.0)));
    sorted.insert(at, header);
}

/// Joined with `;` and in lower case, as lists of signed headers are written.
pub(crate) fn join_names(sorted: &[(&str, &str)]) -> String {
    let mut names = String::with_capacity(sorted.iter().map(|(name, _)| name.len() + 1).sum());
    for (name, _) in sorted {
        if !names.is_empty() {
            names.push(';');
        }
        names.push_str(name);
    }
    names.make_ascii_lowercase();
    names
}

fn lower_case(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

pub(crate) fn header(name: &str) -> Part {
    Part::Header(name.to_ascii_lowercase())
}
