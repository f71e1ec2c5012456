//! Reading the questions of TypeScript.

use pangulm_core::scan::{self, Value};
use pangulm_core::{Error, Moment};
use std::borrow::Cow;

/// A question: a JSON object, written by this package, or nothing.
pub(super) struct Question<'a> {
    /// What is wanted.
    pub(super) ask: Cow<'a, str>,
    /// The one text that most questions have beside, or nothing.
    pub(super) text: Cow<'a, str>,
    members: Option<Value<'a>>,
}

impl<'a> Question<'a> {
    pub(super) fn read(json: &'a str) -> Self {
        let mut question = Self {
            ask: Cow::default(),
            text: Cow::default(),
            members: scan::parse(json),
        };
        question.ask = question.optional("ask").unwrap_or_default();
        question.text = question.optional("text").unwrap_or_default();
        question
    }

    fn member(&self, name: &str) -> Option<Value<'a>> {
        self.members?.member(name).filter(|value| !value.is_null())
    }

    /// A text, if it is there.
    pub(super) fn optional(&self, name: &str) -> Option<Cow<'a, str>> {
        self.member(name).map(text)
    }

    /// A number that this package wrote, if it is there.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.member(name)?.unsigned()
    }

    /// A number that came from the user, if it is there.
    pub(super) fn given(&self, name: &str) -> Result<Option<u64>, Error> {
        match self.member(name).map(|value| value.unsigned()) {
            Some(None) => Err(Error::invalid(name, "must be a whole number from 0 up")),
            number => Ok(number.flatten()),
        }
    }

    /// Names and values, from a list of them in turn.
    pub(super) fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if let Some(list) = self.member(name) {
            let mut items = list.items().map(|item| text(item).into_owned());
            while let (Some(name), Some(value)) = (items.next(), items.next()) {
                pairs.push((name, value));
            }
        }
        pairs
    }

    /// The readings of the clocks.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            wall_ms: self.number("wall").unwrap_or_default(),
            steady_ms: self.number("steady").unwrap_or_default(),
        }
    }
}

/// Half a surrogate pair, which no Rust string can hold, becomes U+FFFD.
fn text(value: Value<'_>) -> Cow<'_, str> {
    value.string().unwrap_or(Cow::Borrowed("\u{fffd}"))
}
