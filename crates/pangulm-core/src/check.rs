//! Checking a request body against what the reference documents, before anything is sent.

use crate::columns;
use crate::error::Error;
use crate::image;
use crate::operation::{BodyKind, Check, JsonType, Operation, Rule};
use crate::parameter::is_uuid;
use crate::scan::{self, Kind, Value};
use crate::text::{self, before, concat, digits, first, pieces};
use std::cmp::Ordering;

/// Checks a body against the rules of its operation.
pub(crate) fn check_body(operation: &'static Operation, body: Option<&[u8]>) -> Result<(), Error> {
    find_fault(operation, body)
        .map_err(|error| error.into_builder().operation(operation.id).build())
}

fn find_fault(operation: &Operation, body: Option<&[u8]>) -> Result<(), Error> {
    let body = match (operation.body, body) {
        (BodyKind::None, None) | (BodyKind::OptionalJson, None) => return Ok(()),
        (BodyKind::None, Some(_)) => {
            return Err(Error::invalid("body", "this operation takes no body"));
        }
        (BodyKind::Json, None) => {
            return Err(Error::invalid(
                "body",
                "is missing; this operation takes a JSON object",
            ));
        }
        (_, Some(body)) => body,
    };
    let text =
        std::str::from_utf8(body).map_err(|_| Error::invalid("body", "is not UTF-8 text"))?;
    let value = scan::parse(text)
        .ok_or_else(|| Error::invalid("body", "is not JSON, or nests deeper than 128 levels"))?;
    if value.kind() != Kind::Object {
        return Err(Error::invalid(
            "body",
            concat(&["must be a JSON object; got ", &shape(value)]),
        ));
    }
    check_delivery(operation, value)?;
    operation
        .rules
        .iter()
        .try_for_each(|rule| match rule.check {
            Check::OneOf => rule.check_one_of(value),
            _ => rule.check(value, value.member(rule.field)),
        })
}

/// `stream` must say the same as the operation: an answer of the other kind could not be read.
fn check_delivery(operation: &Operation, body: Value<'_>) -> Result<(), Error> {
    if operation.switches_by_header() {
        return Ok(());
    }
    let streams = body
        .member("stream")
        .is_some_and(|stream| stream.raw() == "true");
    if operation.is_stream() && !streams {
        return Err(Error::invalid(
            "stream",
            "must be true for this operation; its other half answers whole",
        ));
    }
    if streams && operation.has_stream_half() {
        return Err(Error::invalid(
            "stream",
            "must not be true for this operation; its half whose id ends in \"Stream\" streams",
        ));
    }
    Ok(())
}

impl Rule {
    fn check(&self, body: Value<'_>, member: Option<Value<'_>>) -> Result<(), Error> {
        if let Check::MaxBytes(most) = self.check {
            return match size(body.raw().len()) {
                size if size > most => {
                    let found = concat(&[&digits(size), " bytes"]);
                    Err(self.refused(&self.wanted(), &found))
                }
                _ => Ok(()),
            };
        }
        // A null member is as good as none: services read both alike.
        let Some(value) = member.filter(|value| !value.is_null()) else {
            return match self.check {
                Check::Required => Err(self.broken("is missing", None)),
                _ => Ok(()),
            };
        };
        let fault = match self.check {
            Check::Image(limits) => image::fault(value, limits),
            Check::Columns(limits) => columns::fault(body, value, limits),
            _ => None,
        };
        if let Some(fault) = fault {
            return Err(Error::invalid(self.field, fault));
        }
        let holds = match self.check {
            Check::Required
            | Check::OneOf
            | Check::MaxBytes(_)
            | Check::Image(_)
            | Check::Columns(_) => true,
            Check::Type(wanted) => is_type(value, wanted),
            Check::MinItems(least) => items(value).is_none_or(|count| count >= least),
            Check::MaxItems(most) => items(value).is_none_or(|count| count <= most),
            Check::OddItems => items(value).is_none_or(|count| count % 2 == 1),
            Check::EvenItems => items(value).is_none_or(|count| count % 2 == 0),
            Check::DatasetName => value.string().is_none_or(|name| is_dataset_name(&name)),
            Check::MinLength(least) => length(value).is_none_or(|count| count >= least),
            Check::MaxLength(most) => length(value).is_none_or(|count| count <= most),
            Check::AtLeast(bound) => compare(value, bound).is_none_or(Ordering::is_ge),
            Check::AtLeastOr { bound, also } => {
                compare(value, also.into()).is_none_or(Ordering::is_eq)
                    || compare(value, bound.into()).is_none_or(Ordering::is_ge)
            }
            Check::MoreThan(bound) => compare(value, bound).is_none_or(Ordering::is_gt),
            Check::AtMost(bound) => compare(value, bound).is_none_or(Ordering::is_le),
            Check::LessThan(bound) => compare(value, bound).is_none_or(Ordering::is_lt),
            Check::Uuid => value.string().is_none_or(|text| is_uuid(&text)),
        };
        if holds {
            Ok(())
        } else {
            Err(self.broken(&self.wanted(), Some(value)))
        }
    }

    fn check_one_of(&self, body: Value<'_>) -> Result<(), Error> {
        let is_there = |name| {
            body.member(name)
                .is_some_and(|it| !it.is_null() && it.raw() != "\"\"")
        };
        if pieces(self.field, b'|').any(is_there) {
            return Ok(());
        }
        let names = self.field.replace('|', " or ");
        let first = before(self.field, b'|');
        Err(Error::invalid(
            first,
            concat(&["is missing: give ", &names]),
        ))
    }

    pub(crate) fn wanted(&self) -> String {
        let counted = |words, count, unit| concat(&[words, &digits(count), unit]);
        let bounded = |words, bound: i64| {
            let sign = if bound < 0 { "-" } else { "" };
            concat(&[words, sign, &digits(bound.unsigned_abs())])
        };
        match self.check {
            Check::Required | Check::OneOf => "must be given".to_owned(),
            Check::Type(wanted) => concat(&["must be ", type_name(wanted)]),
            Check::MinItems(1) => "must have at least one item".to_owned(),
            Check::MinItems(least) => counted("must have at least ", least, " items"),
            Check::MaxItems(most) => counted("may have at most ", most, " items"),
            Check::OddItems => {
                "must have an odd number of items: question, answer, …, question".to_owned()
            }
            Check::EvenItems => {
                "must have an even number of items: question, answer, question, answer, …"
                    .to_owned()
            }
            Check::DatasetName => {
                "may hold Chinese characters, letters, digits, - and _ only".to_owned()
            }
            Check::MinLength(1) => "must not be empty".to_owned(),
            Check::MinLength(least) => counted("must have at least ", least, " characters"),
            Check::MaxLength(most) => counted("may have at most ", most, " characters"),
            Check::AtLeast(bound) => bounded("must be at least ", bound),
            Check::AtLeastOr { bound, also } => {
                let least = bounded("must be at least ", bound.into());
                concat(&[
                    &least,
                    &bounded(", or ", also.into()),
                    " for the service's own",
                ])
            }
            Check::MaxBytes(most) => counted("may have at most ", most, " bytes"),
            // Their modules say what is wrong.
            Check::Image(_) | Check::Columns(_) => String::new(),
            Check::MoreThan(bound) => bounded("must be more than ", bound),
            Check::AtMost(bound) => bounded("may be at most ", bound),
            Check::LessThan(bound) => bounded("must be less than ", bound),
            Check::Uuid => {
                "must be a UUID, such as 123e4567-e89b-42d3-a456-426614174000".to_owned()
            }
        }
    }

    fn broken(&self, wanted: &str, value: Option<Value<'_>>) -> Error {
        match value {
            Some(value) => self.refused(wanted, &shape(value)),
            None => Error::invalid(self.field, wanted),
        }
    }

    fn refused(&self, wanted: &str, found: &str) -> Error {
        Error::invalid(self.field, concat(&[wanted, "; got ", found]))
    }
}

fn is_type(value: Value<'_>, wanted: JsonType) -> bool {
    match wanted {
        JsonType::Boolean => value.kind() == Kind::Boolean,
        // 2.0 is whole to some writers of JSON; only a service can say whether it minds.
        JsonType::Integer | JsonType::Number => value.kind() == Kind::Number,
        JsonType::String => value.kind() == Kind::String,
        JsonType::Array => value.kind() == Kind::Array,
        JsonType::Object => value.kind() == Kind::Object,
    }
}

fn type_name(wanted: JsonType) -> &'static str {
    match wanted {
        JsonType::Boolean => "true or false",
        JsonType::Integer | JsonType::Number => "a number",
        JsonType::String => "a text",
        JsonType::Array => "a list",
        JsonType::Object => "an object",
    }
}

/// How many items a list has; `None` for anything that is no list.
fn items(value: Value<'_>) -> Option<u64> {
    (value.kind() == Kind::Array).then(|| size(value.items().count()))
}

pub(crate) fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// How many characters a text has; `None` for anything that is no text.
fn length(value: Value<'_>) -> Option<u64> {
    value.string().map(|text| text::length(&text))
}

/// The reference has more conditions, which editions of the platform do not share; this one they do.
fn is_dataset_name(name: &str) -> bool {
    name.chars().all(|character| {
        character.is_ascii_alphanumeric()
            || matches!(character, '-' | '_' | '\u{3400}'..='\u{9fff}')
    })
}

fn compare(value: Value<'_>, bound: i64) -> Option<Ordering> {
    value.number().map(|number| number.compare(bound))
}

/// The shape of a value, never more than a number of its content.
fn shape(value: Value<'_>) -> String {
    match value.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Boolean => value.raw().to_owned(),
        Kind::Number => first(value.raw(), 40).to_owned(),
        Kind::String => {
            let count = length(value).unwrap_or_default();
            concat(&["a text of ", &digits(count), " characters"])
        }
        Kind::Array => match items(value).unwrap_or_default() {
            0 => "an empty list".to_owned(),
            1 => "a list of 1 item".to_owned(),
            count => concat(&["a list of ", &digits(count), " items"]),
        },
        Kind::Object => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(id: &str, body: &str) -> Option<String> {
        let operation = Operation::find(id).unwrap();
        check_body(operation, Some(body.as_bytes()))
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn a_wrong_member_is_named_with_its_shape_and_what_would_do() {
        let chat = "createChatCompletionV1";
        let message = r#""messages":[{"role":"user","content":"hi"}]"#;
        assert_eq!(refusal(chat, &format!("{{{message}}}")), None);
        let cases = [
            (
                "{}".to_owned(),
                "createChatCompletionV1: messages: is missing",
            ),
            (
                r#"{"messages":[]}"#.to_owned(),
                "createChatCompletionV1: messages: must have at least one item; got an empty list",
            ),
            (
                r#"{"messages":"hi"}"#.to_owned(),
                "createChatCompletionV1: messages: must be a list; got a text of 2 characters",
            ),
            (
                format!(r#"{{{message},"temperature":1.5}}"#),
                "createChatCompletionV1: temperature: may be at most 1; got 1.5",
            ),
            (
                format!(r#"{{{message},"top_p":0}}"#),
                "createChatCompletionV1: top_p: must be more than 0; got 0",
            ),
            (
                format!(r#"{{{message},"user":""}}"#),
                "createChatCompletionV1: user: must not be empty; got a text of 0 characters",
            ),
            (
                "[]".to_owned(),
                "createChatCompletionV1: body: must be a JSON object; got an empty list",
            ),
            (
                "{".to_owned(),
                "createChatCompletionV1: body: is not JSON, or nests deeper than 128 levels",
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(refusal(chat, &body).as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn one_of_two_members_is_enough_and_none_or_empty_ones_are_not() {
        let video = "createImageVideo";
        for body in [
            r#"{"image":"https://example.com/a.png"}"#,
            r#"{"image":null,"image_tail":"AAAA"}"#,
        ] {
            assert_eq!(refusal(video, body), None, "{body}");
        }
        for body in ["{}", r#"{"image":"","image_tail":null}"#] {
            assert_eq!(
                refusal(video, body).as_deref(),
                Some("createImageVideo: image: is missing: give image or image_tail"),
                "{body}"
            );
        }
    }

    #[test]
    fn unknown_members_and_nulls_pass() {
        let body =
            r#"{"messages":[{"content":"hi"}],"temperature":null,"thinking":{"type":"enabled"}}"#;
        assert_eq!(refusal("createChatCompletionV1", body), None);
    }

    #[test]
    fn token_counting_wants_an_odd_number_of_texts() {
        assert_eq!(refusal("countTokens", r#"{"data":["a"]}"#), None);
        let refused = refusal("countTokens", r#"{"data":["a","b"]}"#).unwrap();
        assert!(
            refused.contains("data: must have an odd number of items"),
            "{refused}"
        );
    }
}
