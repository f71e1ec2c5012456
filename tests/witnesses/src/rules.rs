//! What the classes ask of a request.

use serde_json::Value;

use crate::request::{Body, Request};

/// What Node's URL parser escapes before the signer sees it.
pub(crate) const ESCAPED_BY_NODE: [char; 12] = [
    '\t', ' ', '\'', '"', '<', '>', '`', '{', '}', '|', '^', '\n',
];

pub(crate) fn has_escape(path: &str) -> bool {
    path.split('%').skip(1).any(|rest| escape(rest).is_some())
}

pub(crate) fn decodes_to_text(path: &str) -> bool {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for rest in parts {
        match escape(rest) {
            Some(byte) => bytes.push(byte),
            None => bytes.push(b'%'),
        }
        let skipped = if escape(rest).is_some() { 2 } else { 0 };
        bytes.extend(rest.bytes().skip(skipped));
    }
    String::from_utf8(bytes).is_ok()
}

/// The byte that the two digits at the start stand for.
fn escape(after_percent: &str) -> Option<u8> {
    let digits = after_percent.get(..2)?;
    let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| all_hex)
}

pub(crate) fn has_list(request: &Request, kind: fn(&Value) -> bool) -> bool {
    let mut lists = request.query.iter().filter(|(_, values)| values.len() > 1);
    lists.any(|(_, values)| values.iter().all(kind))
}

pub(crate) fn has_whole_float(request: &Request) -> bool {
    let whole = |value: &Value| {
        value.is_f64() && value.as_f64().is_some_and(|number| number.fract() == 0.0)
    };
    request
        .query
        .iter()
        .any(|(_, values)| values.iter().any(whole))
}

pub(crate) fn utf16_sorts_otherwise(request: &Request) -> bool {
    let names = request.query.iter().map(|(name, _)| name.as_str());
    let mixed_values = request
        .query
        .iter()
        .any(|(_, values)| mixes_planes(values.iter().filter_map(Value::as_str)));
    mixes_planes(names) || mixed_values
}

fn mixes_planes<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let all: String = texts.collect();
    let high = |c: char| ('\u{e000}'..='\u{ffff}').contains(&c);
    all.contains(|c| c > '\u{ffff}') && all.contains(high)
}

pub(crate) fn has_name(request: &Request, is_odd: impl Fn(&str) -> bool) -> bool {
    request.headers.iter().any(|(name, _)| is_odd(name))
}

pub(crate) fn has_signed_value(request: &Request, is_odd: impl Fn(&str) -> bool) -> bool {
    request.headers.iter().any(|(_, value)| is_odd(value))
}

pub(crate) fn has_unusual_spelling(request: &Request) -> bool {
    has_name(request, |name| {
        let usual = ["Host", "X-Sdk-Date", "X-Sdk-Content-Sha256"];
        usual
            .iter()
            .any(|known| name != *known && name.eq_ignore_ascii_case(known))
    })
}

pub(crate) fn has_duplicate(request: &Request) -> bool {
    let count = |wanted: &str| {
        let same = |(name, _): &&(String, String)| name.eq_ignore_ascii_case(wanted);
        request.headers.iter().filter(same).count()
    };
    request.headers.iter().any(|(name, _)| count(name) > 1)
}

pub(crate) fn is_lower_case_ascii(text: &str) -> bool {
    text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether the body has a type for which at least one official signer leaves it unsigned.
pub(crate) fn is_typed(request: &Request) -> bool {
    let kind = request.header("Content-Type").unwrap_or_default();
    !kind.is_empty() && kind != "application/json"
}

pub(crate) fn is_more_than_json(request: &Request) -> bool {
    let kind = request.header("Content-Type").unwrap_or_default();
    kind != "application/json"
        && (kind.starts_with("application/json") || kind.starts_with("application/bson"))
}

pub(crate) fn is_json_in_other_case(request: &Request) -> bool {
    let kind = request.header("Content-Type").unwrap_or_default();
    kind != "application/json" && kind.eq_ignore_ascii_case("application/json")
}

pub(crate) fn is_raw_body(request: &Request) -> bool {
    matches!(request.body, Body::Text(_) | Body::Bytes(..)) && !request.body.bytes().is_empty()
}

pub(crate) fn is_falsy_body(request: &Request) -> bool {
    let falsy = ["null", "false", "0", "\"\""];
    matches!(&request.body, Body::Json(text) if falsy.contains(&text.as_str()))
}
