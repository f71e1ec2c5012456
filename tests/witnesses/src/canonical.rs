//! The parts of a canonical request, so that a difference has a name.

use anyhow::{Context, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Method,
    Path,
    Query,
    /// The lines `name:value`.
    Headers,
    /// The list of signed names.
    Names,
    Payload,
}

pub(crate) const PARTS: [Part; 6] = [
    Part::Method,
    Part::Path,
    Part::Query,
    Part::Headers,
    Part::Names,
    Part::Payload,
];

pub(crate) struct Canonical {
    text: [String; 6],
}

impl Canonical {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (head, rest) = take_lines(text).context("a canonical request of less than 3 lines")?;
        let (rest, payload) = rest.rsplit_once('\n').context("no payload line")?;
        let (headers, names) = rest.rsplit_once('\n').context("no line of signed names")?;
        let [method, path, query] = head;
        Ok(Self {
            text: [method, path, query, headers, names, payload].map(str::to_owned),
        })
    }

    pub(crate) fn part(&self, part: Part) -> &str {
        let both = PARTS.iter().zip(&self.text);
        both.filter(|(known, _)| **known == part)
            .map(|(_, text)| text.as_str())
            .next()
            .unwrap_or_default()
    }
}

fn take_lines(text: &str) -> Option<([&str; 3], &str)> {
    let (method, rest) = text.split_once('\n')?;
    let (path, rest) = rest.split_once('\n')?;
    let (query, rest) = rest.split_once('\n')?;
    Some(([method, path, query], rest))
}
