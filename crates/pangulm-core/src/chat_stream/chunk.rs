//! One event of a stream, checked and taken apart in one walk over its text.

use crate::scan::{Cursor, Member};

/// A chunk's parts, in the order in which they stand.
#[derive(Debug, Default)]
pub(super) struct Chunk<'a> {
    /// The members beside the choices.
    pub(super) top: Vec<Member<'a>>,
    pub(super) choices: Vec<ChoicePart<'a>>,
}

/// What a chunk has for one choice.
#[derive(Debug, Default)]
pub(super) struct ChoicePart<'a> {
    /// Its number, where it is told.
    pub(super) index: Option<u64>,
    /// The members beside index and increment.
    pub(super) members: Vec<Member<'a>>,
    /// The members of the increment: of `delta`, or of `message`, as V1 has it.
    pub(super) increment: Vec<Member<'a>>,
    /// The name to replace by `delta`: V1 says `message`.
    renamed: Option<Member<'a>>,
    has_delta: bool,
}

/// What a text is.
#[derive(Debug)]
pub(super) enum Read<'a> {
    NotJson,
    NotAnObject,
    Chunk(Chunk<'a>),
}

/// Reads an event's data. Members of other names are kept as they are, and checked too.
pub(super) fn read(text: &str) -> Read<'_> {
    let mut cursor = Cursor::new(text, 0);
    cursor.whitespace();
    if cursor.peek() != Some(b'{') {
        let json = crate::scan::parse(text).is_some();
        return if json {
            Read::NotAnObject
        } else {
            Read::NotJson
        };
    }
    let mut chunk = Chunk::default();
    let whole = cursor.members(text, &mut |cursor, name| {
        if name.is_named("choices") && cursor.peek() == Some(b'[') {
            return cursor.items(&mut |cursor| {
                chunk.choices.push(read_choice(cursor, text)?);
                Some(())
            });
        }
        chunk.top.push(cursor.value_of(text, name)?);
        Some(())
    });
    cursor.whitespace();
    if whole.is_none() || !cursor.at_end() {
        return Read::NotJson;
    }
    Read::Chunk(chunk)
}

fn read_choice<'a>(cursor: &mut Cursor<'a>, text: &'a str) -> Option<ChoicePart<'a>> {
    let mut choice = ChoicePart::default();
    if cursor.peek() != Some(b'{') {
        cursor.value()?;
        return Some(choice);
    }
    cursor.members(text, &mut |cursor, name| {
        let is_delta = name.is_named("delta");
        if is_delta || (name.is_named("message") && !choice.has_delta) {
            choice.has_delta |= is_delta;
            choice.renamed = (!is_delta).then_some(name);
            choice.increment.clear();
            if cursor.peek() != Some(b'{') {
                return cursor.value();
            }
            return cursor.members(text, &mut |cursor, name| {
                choice.increment.push(cursor.value_of(text, name)?);
                Some(())
            });
        }
        let member = cursor.value_of(text, name)?;
        if name.is_named("index") {
            choice.index = member.value.unsigned();
        } else {
            choice.members.push(member);
        }
        Some(())
    })?;
    Some(choice)
}

impl Chunk<'_> {
    /// The text with every increment in `delta`, byte for byte the same otherwise.
    pub(super) fn spliced(&self, text: &str) -> String {
        let mut spliced = String::with_capacity(text.len());
        let mut copied = 0;
        for renamed in self.choices.iter().filter_map(|choice| choice.renamed) {
            spliced.push_str(text.get(copied..renamed.name_start).unwrap_or_default());
            spliced.push_str("\"delta\"");
            copied = renamed.name_end;
        }
        spliced.push_str(text.get(copied..).unwrap_or_default());
        spliced
    }

    /// Whether it has this member beside the choices.
    pub(super) fn has(&self, name: &str) -> bool {
        self.top.iter().any(|member| member.is_named(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Read, read};

    fn spliced(text: &str) -> String {
        match read(text) {
            Read::Chunk(chunk) => chunk.spliced(text),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn only_the_increments_of_choices_are_renamed() {
        let cases = [
            (
                r#"{"message":1,"choices":[{"index":0,"message":{"message":"message"}},{"message":{}}]}"#,
                r#"{"message":1,"choices":[{"index":0,"delta":{"message":"message"}},{"delta":{}}]}"#,
            ),
            (
                r#"{"choices":[{"delta":{"content":"x"}}]}"#,
                r#"{"choices":[{"delta":{"content":"x"}}]}"#,
            ),
            (
                r#"{"choices":[{"message":{"content":"x"},"delta":{"content":"y"}}]}"#,
                r#"{"choices":[{"message":{"content":"x"},"delta":{"content":"y"}}]}"#,
            ),
            (
                r#" {"choices" : [ { "message" : null } ] } "#,
                r#" {"choices" : [ { "delta" : null } ] } "#,
            ),
            (r#"{"choices":[]}"#, r#"{"choices":[]}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(spliced(text), expected);
        }
    }

    #[test]
    fn the_walk_takes_what_the_parser_takes_and_nothing_else() {
        let texts = [
            r#"{"a":[1,{"b":null}],"choices":[{"index":0,"delta":{"content":"x"}}],"c":"d"}"#,
            r#"{"choices":[1,"x",{}],"usage":{}}"#,
            r#"{"choices":null}"#,
        ];
        for text in texts {
            assert!(matches!(read(text), Read::Chunk(_)), "{text}");
            // Half of it, or one byte less in the middle, is taken only where it is JSON by chance.
            for at in 1..text.len() {
                let cut = text.get(..at).unwrap();
                assert!(matches!(read(cut), Read::NotJson), "{cut}");
                let holed = [cut, text.get(at + 1..).unwrap()].concat();
                let is_json = crate::scan::parse(&holed).is_some();
                assert_eq!(!matches!(read(&holed), Read::NotJson), is_json, "{holed}");
            }
        }
        assert!(matches!(read("[1]"), Read::NotAnObject));
        assert!(matches!(read("x"), Read::NotJson));
    }
}
