//! A request's parts as a server reads them.

use super::refusal::Refusal;
use crate::{received::decode, verify::ReceivedRequest};

/// A query parameter, percent-decoded; its value may be missing.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: Option<Vec<u8>>,
}

/// A `+` is a plus. A name that is not UTF-8 stays encoded.
pub(super) fn parameters(query: &str) -> Vec<Parameter> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name, Some(decode(value))),
                None => (pair, None),
            };
            Parameter {
                name: String::from_utf8(decode(name)).unwrap_or_else(|_| name.to_owned()),
                value,
            }
        })
        .collect()
}

/// The value of the only parameter of this name, as text.
pub(super) fn parameter<'a>(
    parameters: &'a [Parameter],
    name: &str,
) -> Result<Option<&'a str>, Refusal> {
    let mut found = parameters.iter().filter(|parameter| parameter.name == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(Refusal::DuplicateParameter(name.to_owned()));
    }
    let value = first.map(|parameter| parameter.value.as_deref().unwrap_or_default());
    Ok(value.map(|value| std::str::from_utf8(value).unwrap_or_default()))
}

/// The trimmed value of the only header of this name.
pub(super) fn header<'a>(
    request: &ReceivedRequest<'a>,
    name: &str,
) -> Result<Option<&'a str>, Refusal> {
    let mut found = request
        .headers
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name));
    let first = found.next();
    if found.next().is_some() {
        return Err(Refusal::DuplicateHeader(name.to_owned()));
    }
    Ok(first.map(|(_, value)| value.trim_matches([' ', '\t'])))
}
