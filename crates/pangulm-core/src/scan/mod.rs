//! The few questions the engine asks of JSON, without a JSON library.
//!
//! A [`Value`] is a range of a text that [`parse`] has checked as a whole. It copies nothing and
//! decodes a string only when asked. Nesting is limited to 128 levels, and with it recursion.

mod cursor;
mod number;

pub use number::Number;

use crate::text;
pub(crate) use cursor::{Cursor, Name};
use std::borrow::Cow;

/// One JSON value inside a checked text.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// Any number.
    Number,
    /// Any string.
    String,
    /// A list.
    Array,
    /// A map from names to values.
    Object,
}

/// One `"name": value` pair of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The name as written, without its quotes.
    raw_name: &'a str,
    /// Whether the name holds escapes.
    escaped: bool,
    /// The value.
    pub value: Value<'a>,
}

/// Checks that `text` is exactly one JSON value, with white space around it at most.
///
/// # Errors
/// `None` where it is not JSON, or nests deeper than 128 levels.
///
/// ```
/// let answer = pangulm_core::scan::parse(r#"{"error_code":"PANGU.3254"}"#).unwrap();
/// assert_eq!(answer.member("error_code").unwrap().string().unwrap(), "PANGU.3254");
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<Value<'_>> {
    let mut cursor = Cursor::new(text, 0);
    cursor.whitespace();
    let start = cursor.position();
    cursor.value()?;
    let end = cursor.position();
    cursor.is_over()?;
    Some(Value::between(text, start, end))
}

impl<'a> Value<'a> {
    /// The value that stands there in a checked text.
    pub(crate) fn between(text: &'a str, start: usize, end: usize) -> Self {
        Self { text, start, end }
    }

    /// What kind of value this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.raw().as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    /// The text of this value as written.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value of the member called `name`; the first one if it stands there twice.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Value<'a>> {
        self.members()
            .find(|member| member.is_named(name))
            .map(|member| member.value)
    }

    /// The members of an object in their order; nothing for any other kind.
    #[must_use]
    pub fn members(&self) -> Members<'a> {
        Members {
            inside: Inside::of(self, b'{'),
        }
    }

    /// The items of an array in their order; nothing for any other kind.
    #[must_use]
    pub fn items(&self) -> Items<'a> {
        Items {
            inside: Inside::of(self, b'['),
        }
    }

    /// The decoded text of a string; `None` for any other kind or a lone surrogate.
    #[must_use]
    pub fn string(&self) -> Option<Cow<'a, str>> {
        cursor::decode_string(self.raw_string()?)
    }

    /// The text of a string as written, escapes and all, without its quotes.
    #[must_use]
    pub fn raw_string(&self) -> Option<&'a str> {
        self.raw().strip_prefix("\"")?.strip_suffix("\"")
    }

    /// The number, exactly as written; `None` for any other kind.
    #[must_use]
    pub fn number(&self) -> Option<Number<'a>> {
        (self.kind() == Kind::Number).then(|| Number::new(self.raw()))
    }

    /// A whole number from 0 to 10^19 - 1; `None` for anything else.
    #[must_use]
    pub fn unsigned(&self) -> Option<u64> {
        text::number(self.raw())
    }

    /// A string's text, or a number as written: services spell codes both ways.
    #[must_use]
    pub fn label(&self) -> Option<Cow<'a, str>> {
        match self.kind() {
            Kind::String => self.string(),
            Kind::Number => Some(Cow::Borrowed(self.raw())),
            _ => None,
        }
    }
}

impl<'a> Member<'a> {
    /// The value with the name that stands there in its text.
    pub(crate) fn new(name: Name, value: Value<'a>) -> Self {
        let inside = name.start + 1..name.end.saturating_sub(1);
        Self {
            raw_name: value.text.get(inside).unwrap_or_default(),
            escaped: name.escaped,
            value,
        }
    }

    /// The decoded name; as written if it holds a lone surrogate.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        let decoded = self.escaped.then(|| cursor::decode_string(self.raw_name));
        decoded.flatten().unwrap_or(Cow::Borrowed(self.raw_name))
    }

    /// Whether both names are written alike.
    pub(crate) fn is_called_as(&self, other: &Member<'_>) -> bool {
        self.raw_name == other.raw_name
    }

    /// Whether the decoded name is `name`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.raw_name == name || (self.escaped && self.name() == name)
    }
}

/// The walk through the comma-separated contents of an array or object.
#[derive(Clone, Debug)]
struct Inside<'a> {
    text: &'a str,
    /// `None` once the closing bracket is reached.
    cursor: Option<Cursor<'a>>,
}

impl<'a> Inside<'a> {
    fn of(value: &Value<'a>, open: u8) -> Self {
        let mut cursor = Cursor::new(value.text, value.start);
        let cursor = cursor.eat(open).then_some(cursor);
        Self {
            text: value.text,
            cursor,
        }
    }

    /// Stands before the next entry, or ends the walk.
    fn next_entry(&mut self) -> Option<&mut Cursor<'a>> {
        let cursor = self.cursor.as_mut()?;
        cursor.whitespace();
        cursor.eat(b',');
        cursor.whitespace();
        if matches!(cursor.peek(), 0 | b']' | b'}') {
            self.cursor = None;
        }
        self.cursor.as_mut()
    }
}

/// Iterator of [`Value::members`].
#[derive(Clone, Debug)]
pub struct Members<'a> {
    inside: Inside<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        let text = self.inside.text;
        let cursor = self.inside.next_entry()?;
        let name = cursor.entry(true)?;
        let start = cursor.position();
        cursor.value()?;
        let value = Value::between(text, start, cursor.position());
        Some(Member::new(name, value))
    }
}

/// Iterator of [`Value::items`].
#[derive(Clone, Debug)]
pub struct Items<'a> {
    inside: Inside<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let text = self.inside.text;
        let cursor = self.inside.next_entry()?;
        let start = cursor.position();
        cursor.value()?;
        Some(Value::between(text, start, cursor.position()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_members_items_and_strings_in_place() {
        let text = r#" {"a":[1, "x\u4f60\n", {"b":null}], "c" : true} "#;
        let root = parse(text).unwrap();
        let items: Vec<_> = root.member("a").unwrap().items().collect();
        assert_eq!(items.len(), 3);
        assert_eq!(items[0].unsigned(), Some(1));
        assert_eq!(items[1].string().unwrap(), "x你\n");
        assert!(items[2].member("b").unwrap().is_null());
        assert_eq!(root.member("c").unwrap().kind(), Kind::Boolean);
        assert!(root.member("d").is_none());
    }

    #[test]
    fn an_escaped_name_is_still_found() {
        let root = parse(r#"{"\u0061":1}"#).unwrap();
        assert_eq!(root.member("a").unwrap().unsigned(), Some(1));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "1.",
            "-",
            "1e",
            "nul",
            "\"a",
            "\"\\x\"",
            "\"\u{1}\"",
            "[1 2]",
            "{} {}",
            "<html>",
            "{\"a\":1,}",
            "[}",
            "{]",
            "+1",
            "\"\\u12g4\"",
        ] {
            assert!(parse(text).is_none(), "{text:?} was taken for JSON");
        }
    }

    #[test]
    fn what_serde_json_takes_is_taken() {
        for text in [
            "0",
            "-0.5e+10",
            "[]",
            "{}",
            "[[],{}]",
            "\"\"",
            "true",
            "null",
            "{\"a\":{\"b\":[1,2.5,\"\\\"\"]}}",
        ] {
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok());
            assert!(parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&deep(128)).is_some());
        assert!(parse(&deep(129)).is_none());
        assert!(parse(&"[".repeat(1_000_000)).is_none());
    }

    #[test]
    fn surrogate_pairs_decode_and_lone_ones_do_not() {
        assert_eq!(parse(r#""\ud83d\ude00""#).unwrap().string().unwrap(), "😀");
        assert!(parse(r#""\ud83d""#).unwrap().string().is_none());
    }
}
