//! The string to sign of OBS and AWS V2 signatures.

use crate::{
    canonical::upper_case,
    encode::push_with_slashes,
    error::SignError,
    headers::{self, header, insert_sorted, trim},
    obs::{
        dialect::Dialect,
        request::{Request, query_parameter},
        sub_resources,
    },
};

/// `date` is what stands in the line of the date: that of the `Date` header, the end of a presigned
/// URL, or nothing. `added` is a header that the request will get beside its own.
pub(crate) fn string_to_sign(
    request: &Request<'_>,
    dialect: Dialect,
    date: &str,
    added: Option<(&str, &str)>,
    resource: &str,
) -> Result<String, SignError> {
    let mut text = String::with_capacity(256);
    let positional = [
        &*upper_case(request.method),
        only(request.headers, "content-md5")?.unwrap_or_default(),
        only(request.headers, "content-type")?.unwrap_or_default(),
        date,
    ];
    for line in positional {
        text.push_str(line);
        text.push('\n');
    }
    let mut signed = Vec::with_capacity(request.headers.len() + 1);
    for (name, value) in request.headers.iter().copied().chain(added) {
        if dialect.owns(name) {
            insert_sorted(&mut signed, (name, trim(value)));
        }
    }
    push_headers(&signed, &mut text);
    text.push_str(resource);
    push_sub_resources(request, dialect, &mut text)?;
    Ok(text)
}

/// A line for each name; the values of one name are joined with commas, in their order.
fn push_headers(sorted: &[(&str, &str)], text: &mut String) {
    let mut previous = "";
    for (name, value) in sorted {
        if name.eq_ignore_ascii_case(previous) {
            text.push(',');
        } else {
            end_line(previous, text);
            name.bytes()
                .for_each(|byte| text.push(char::from(byte.to_ascii_lowercase())));
            text.push(':');
        }
        text.push_str(value);
        previous = name;
    }
    end_line(previous, text);
}

fn end_line(name: &str, text: &mut String) {
    if !name.is_empty() {
        text.push('\n');
    }
}

/// The values are signed raw, though they are sent encoded.
fn push_sub_resources(
    request: &Request<'_>,
    dialect: Dialect,
    text: &mut String,
) -> Result<(), SignError> {
    let mut sorted: Vec<(&str, Option<&str>)> = Vec::new();
    for (name, value) in request.query {
        if !sub_resources::is_signed(name, dialect) {
            continue;
        }
        let at = sorted.partition_point(|(known, _)| known < name);
        if sorted.get(at).is_some_and(|(known, _)| known == name) {
            return Err(SignError::new(
                query_parameter(name),
                "is there more than once and would be signed; give it once",
            ));
        }
        sorted.insert(at, (name, *value));
    }
    let mut separator = '?';
    for (name, value) in sorted {
        text.push(separator);
        separator = '&';
        push_with_slashes(name, text);
        if let Some(value) = value {
            text.push('=');
            text.push_str(value);
        }
    }
    Ok(())
}

/// The value of a header that may be there only once.
pub(crate) fn only<'a>(
    headers: &[(&'a str, &'a str)],
    name: &'static str,
) -> Result<Option<&'a str>, SignError> {
    let there = |(other, _): &&(&str, &str)| other.eq_ignore_ascii_case(name);
    if headers.iter().filter(there).nth(1).is_some() {
        return Err(SignError::new(
            header(name),
            "is there more than once and would be signed; give it once",
        ));
    }
    Ok(headers::find(headers, name))
}
