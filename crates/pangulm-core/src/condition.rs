//! The documented conditions on a value, and how they are told.

use crate::columns;
use crate::dataset;
use crate::history;
use crate::image;
use crate::operation::{Bound, Check, JsonType};
use crate::parameter::is_uuid;
use crate::scan::{Kind, Value};
use crate::text::{self, concat, digits, first, pieces};
use std::cmp::Ordering;

impl Check {
    /// What is wrong with a member, which is there and not null, or else `None`. Its parent and name
    /// are asked for alternatives to it.
    pub(crate) fn broken_by(
        &self,
        body: Value<'_>,
        (parent, name): (Value<'_>, &str),
        member: Option<Value<'_>>,
    ) -> Option<String> {
        let most = match *self {
            Check::MaxBytes(most) => most,
            Check::OneOf => return none_of(parent, name),
            Check::Required if member.is_none() => return Some("is missing".to_owned()),
            _ => 0,
        };
        let bytes = size(body.raw().len());
        if most > 0 && bytes > most.into() {
            return Some(concat(&[
                &self.wanted(),
                "; got ",
                &digits(bytes),
                " bytes",
            ]));
        }
        let value = member?;
        let holds = match *self {
            Check::Image(limits) => return image::fault(value, limits),
            Check::Columns(limits) => return columns::fault(body, value, limits),
            Check::EvenItems => return history::fault(value),
            Check::DatasetName => return dataset::fault(value),
            Check::Required | Check::OneOf | Check::MaxBytes(_) | Check::Inside(_) => true,
            Check::Type(wanted) => is_type(value, wanted),
            Check::MinItems(least) => items(value).is_none_or(|count| count >= least.into()),
            Check::MaxItems(most) => items(value).is_none_or(|count| count <= most.into()),
            Check::OddItems => items(value).is_none_or(|count| count % 2 == 1),
            Check::MinLength(least) => length(value).is_none_or(|count| count >= least.into()),
            Check::MaxLength(most) => length(value).is_none_or(|count| count <= most.into()),
            Check::AtLeast(bound) => compare(value, bound).is_none_or(Ordering::is_ge),
            Check::AtLeastOr([bound, also]) => {
                compare(value, also).is_none_or(Ordering::is_eq)
                    || compare(value, bound).is_none_or(Ordering::is_ge)
            }
            Check::MoreThan(bound) => compare(value, bound).is_none_or(Ordering::is_gt),
            Check::AtMost(bound) => compare(value, bound).is_none_or(Ordering::is_le),
            Check::LessThan(bound) => compare(value, bound).is_none_or(Ordering::is_lt),
            Check::Uuid => value.string().is_none_or(|text| is_uuid(&text)),
        };
        (!holds).then(|| concat(&[&self.wanted(), "; got ", &shape(value)]))
    }

    /// What would do.
    pub(crate) fn wanted(&self) -> String {
        let counted = |words, count: u32, unit| concat(&[words, &digits(count.into()), unit]);
        match *self {
            Check::Required | Check::OneOf => "must be given".to_owned(),
            Check::Type(wanted) => concat(&["must be ", type_name(wanted)]),
            Check::MinItems(1) => "must have at least one item".to_owned(),
            Check::MinItems(least) => counted("must have at least ", least, " items"),
            Check::MaxItems(most) => counted("may have at most ", most, " items"),
            Check::OddItems => {
                "must have an odd number of items: question, answer, …, question".to_owned()
            }
            Check::MinLength(1) => "must not be empty".to_owned(),
            Check::MinLength(least) => counted("must have at least ", least, " characters"),
            Check::MaxLength(most) => counted("may have at most ", most, " characters"),
            Check::AtLeast(bound) => concat(&["must be at least ", bound]),
            Check::AtLeastOr([bound, also]) => concat(&[
                "must be at least ",
                bound,
                ", or ",
                also,
                " for the service's own",
            ]),
            Check::MaxBytes(most) => counted("may have at most ", most, " bytes"),
            // What breaks them is told elsewhere.
            Check::Image(_)
            | Check::Columns(_)
            | Check::EvenItems
            | Check::DatasetName
            | Check::Inside(_) => String::new(),
            Check::MoreThan(bound) => concat(&["must be more than ", bound]),
            Check::AtMost(bound) => concat(&["may be at most ", bound]),
            Check::LessThan(bound) => concat(&["must be less than ", bound]),
            Check::Uuid => {
                "must be a UUID, such as 123e4567-e89b-42d3-a456-426614174000".to_owned()
            }
        }
    }
}

/// What is wrong if none of the members, whose names `|` parts, is there.
fn none_of(parent: Value<'_>, names: &str) -> Option<String> {
    let is_there = |name| {
        parent
            .member(name)
            .is_some_and(|it| !it.is_null() && it.raw() != "\"\"")
    };
    if pieces(names, b'|').any(is_there) {
        return None;
    }
    let names = names.replace('|', " or ");
    Some(concat(&["is missing: give ", &names]))
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

fn compare(value: Value<'_>, bound: Bound) -> Option<Ordering> {
    value.number().map(|number| number.compare(bound))
}

/// The shape of a value, never more than a number of its content.
pub(crate) fn shape(value: Value<'_>) -> String {
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
