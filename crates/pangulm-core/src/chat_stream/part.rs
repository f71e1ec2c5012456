//! Where the values of an event stand.

use crate::scan::{Member, Name, Value};

/// How deep a value stands on the way to an increment. What is beside the way, or deeper, is not
/// taken apart.
pub(super) const MEMBER: u8 = 0;
pub(super) const CHOICE: u8 = 1;
const OF_CHOICE: u8 = 2;

/// A value, by offsets into the event's text. Those inside it come after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) depth: u8,
    pub(super) what: What,
    /// Whether its choice grows by it: it is the `delta`, or, as in V1, the `message`. Who sends both
    /// means `delta`.
    pub(super) is_increment: bool,
    pub(super) name: Name,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a value is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Choices,
    Object,
    Index,
    Text,
    FinishReason,
    Delta,
    Message,
    Role,
    ToolCalls,
    Other,
}

impl What {
    fn of(name: &str) -> Self {
        match name {
            "choices" => Self::Choices,
            "object" => Self::Object,
            "index" => Self::Index,
            "text" => Self::Text,
            "finish_reason" => Self::FinishReason,
            "delta" => Self::Delta,
            "message" => Self::Message,
            "role" => Self::Role,
            "tool_calls" => Self::ToolCalls,
            _ => Self::Other,
        }
    }
}

/// Whether the values of this depth have names: choices are a list.
pub(super) fn is_named(depth: u8) -> bool {
    depth != CHOICE
}

/// The bracket after the values of this depth.
pub(super) fn closing(depth: u8) -> u8 {
    if is_named(depth) { b'}' } else { b']' }
}

impl Part {
    /// The value that starts here.
    pub(super) fn new(text: &str, depth: u8, name: Name, start: usize) -> Self {
        let mut part = Self {
            depth,
            what: What::Other,
            is_increment: false,
            name,
            start,
            end: start,
        };
        part.what = What::of(&part.member(text).name());
        part
    }

    pub(super) fn member<'a>(&self, text: &'a str) -> Member<'a> {
        Member::new(self.name, Value::between(text, self.start, self.end))
    }

    /// Moves what stands behind `from` to behind `to`.
    pub(super) fn shift(&mut self, from: usize, to: usize) {
        let Name { start, end, .. } = &mut self.name;
        for offset in [start, end, &mut self.start, &mut self.end] {
            if *offset >= from {
                *offset = *offset - from + to;
            }
        }
    }

    /// Whether the values inside are parts too, if it begins with this byte: the choices are, and what
    /// they and their increments have.
    pub(super) fn leads_on(&self, opening: u8) -> bool {
        match (self.depth, opening) {
            (MEMBER, b'[') => self.what == What::Choices,
            (CHOICE, b'{') => true,
            (OF_CHOICE, b'{') => matches!(self.what, What::Delta | What::Message),
            _ => false,
        }
    }
}

/// Finds the increments among the parts of an event.
pub(super) fn mark_increments(parts: &mut [Part]) {
    for choice in parts.chunk_by_mut(|_, next| next.depth > CHOICE) {
        let last = |what| {
            let is_it = |part: &Part| part.depth == OF_CHOICE && part.what == what;
            choice.iter().rposition(is_it)
        };
        let increment = last(What::Delta).or_else(|| last(What::Message));
        for (at, part) in choice.iter_mut().enumerate() {
            part.is_increment = Some(at) == increment;
        }
    }
}
