//! One event of a stream, taken apart.

use super::part::{CHOICE, Part, What};
use crate::scan::{Member, Value};
use std::borrow::Cow;

/// A chunk of a streamed answer. Of a chat, its increments are in `choices[].delta`, whatever the
/// dialect; of anything else, it is the event as it came.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    pub(super) text: &'a str,
    pub(super) parts: &'a [Part],
    /// How much of the text the event before had too.
    pub(super) known: usize,
}

/// A value in a chunk.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    text: &'a str,
    part: &'a Part,
    inside: &'a [Part],
}

/// Values that stand side by side in a chunk.
#[derive(Clone, Debug)]
pub struct Nodes<'a> {
    text: &'a str,
    parts: &'a [Part],
}

impl<'a> Chunk<'a> {
    /// The chunk as JSON: but for the name of its increments, as it came.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.text.len());
        self.write_into(&mut json);
        json
    }

    /// Appends the chunk as JSON.
    pub fn write_into(&self, json: &mut String) {
        let mut copied = 0;
        for part in self.parts.iter().filter(|part| part.is_increment) {
            json.push_str(self.text.get(copied..part.name.start).unwrap_or_default());
            json.push_str("\"delta\"");
            copied = part.name.end;
        }
        json.push_str(self.text.get(copied..).unwrap_or_default());
    }

    /// The members.
    #[must_use]
    pub fn members(&self) -> Nodes<'a> {
        Nodes {
            text: self.text,
            parts: self.parts,
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<Value<'a>> {
        let mut members = self.members().map(|node| node.member());
        let member = members.find(|member| member.is_named(name))?;
        Some(member.value)
    }

    /// Whether there is anything of a choice.
    pub(super) fn has_choices(&self) -> bool {
        self.parts.iter().any(|part| part.depth == CHOICE)
    }

    /// Whether a member was the same in the event before.
    pub(super) fn is_known(&self, member: Node<'_>) -> bool {
        member.part.end <= self.known
    }
}

impl<'a> Node<'a> {
    /// The name; empty where the value is one of a list.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        if self.part.is_increment {
            Cow::Borrowed("delta")
        } else {
            self.member().name()
        }
    }

    /// The value as it came.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        self.member().value
    }

    /// The values inside, if they are taken apart: those that lead to an increment are, and what it
    /// has.
    #[must_use]
    pub fn children(&self) -> Option<Nodes<'a>> {
        let children = Nodes {
            text: self.text,
            parts: self.inside,
        };
        (!self.inside.is_empty()).then_some(children)
    }

    /// The value with the name that it came with.
    pub(super) fn member(&self) -> Member<'a> {
        self.part.member(self.text)
    }

    pub(super) fn what(&self) -> What {
        self.part.what
    }

    pub(super) fn is_increment(&self) -> bool {
        self.part.is_increment
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let (part, others) = self.parts.split_first()?;
        let after = others.iter().position(|other| other.depth <= part.depth);
        let (inside, parts) = others.split_at_checked(after.unwrap_or(others.len()))?;
        self.parts = parts;
        Some(Node {
            text: self.text,
            part,
            inside,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::chat_stream::reader::Reader;

    fn to_json(text: &str) -> String {
        let mut reader = Reader::new(true);
        reader.read(text.as_bytes()).unwrap();
        reader.chunk().to_json()
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
                r#"{"choices" : [ { "message" : null } ] }"#,
                r#"{"choices" : [ { "delta" : null } ] }"#,
            ),
            (r#"{"choices":[]}"#, r#"{"choices":[]}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(to_json(text), expected);
        }
    }
}
