//! Events checked and taken apart, in one walk over the text of each.
//!
//! The events of a stream are alike: most differ from the one before in a few words. A walk from left
//! to right stands where the last one stood as long as the bytes are the same, so it begins where
//! they are no longer, and it is over where one value was all that differed.

use super::chunk::Chunk;
use super::part::{MEMBER, Part, closing, is_named, mark_increments};
use crate::bytes;
use crate::scan::{self, Cursor};

/// The event that was read last.
#[derive(Debug)]
pub(super) struct Reader {
    /// Whether choices are taken apart.
    has_choices: bool,
    text: String,
    parts: Vec<Part>,
    /// How much of the text the event before had too.
    known: usize,
}

impl Reader {
    /// A reader for the chunks of a completion, or for other events.
    pub(super) fn new(has_choices: bool) -> Self {
        Self {
            has_choices,
            text: String::new(),
            parts: Vec::new(),
            known: 0,
        }
    }

    /// Reads an event's data.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(&mut self, data: &[u8]) -> Result<(), &'static str> {
        let shared = bytes::shared(self.text.as_bytes(), data);
        let mut parts = self.parts.iter();
        let last = parts.rposition(|part| part.name.start < shared);
        let last = last.and_then(|at| Some((at, *self.parts.get(at)?)));
        // Where the only value ends that is another, if all after it is the same.
        let end = last.and_then(|(_, part)| {
            let after = self.text.as_bytes().get(part.end..)?;
            let before = data.strip_suffix(after)?;
            (part.start < shared.min(before.len())).then_some(before.len())
        });
        self.known = last.map_or(0, |(_, part)| part.name.start);
        self.text.truncate(self.known);
        let rest = data.get(self.known..).unwrap_or_default();
        let rest = std::str::from_utf8(rest).map_err(|_| "an event is not UTF-8");
        let read = rest.and_then(|rest| {
            self.text.push_str(rest);
            let (at, depth) = last.map_or((0, MEMBER), |(at, part)| (at, part.depth));
            if end.is_some_and(|end| self.replace(at, end)) {
                return Ok(());
            }
            self.parts.truncate(at);
            self.walk(depth).ok_or_else(|| self.problem())?;
            mark_increments(&mut self.parts);
            Ok(())
        });
        if read.is_err() {
            self.parts.clear();
        }
        read
    }

    pub(super) fn chunk(&self) -> Chunk<'_> {
        Chunk {
            text: &self.text,
            parts: &self.parts,
            known: self.known,
        }
    }

    /// Puts another value in the place of this part's, which ends there; tells whether that was all.
    fn replace(&mut self, at: usize, end: usize) -> bool {
        let Some(part) = self.parts.get(at).copied() else {
            return false;
        };
        let mut cursor = Cursor::new(&self.text, part.start);
        let followers = self.parts.get(at + 1..).unwrap_or_default();
        let led_on = followers
            .first()
            .is_some_and(|next| next.depth > part.depth);
        if led_on || part.leads_on(cursor.peek()) {
            return false;
        }
        let whole = cursor.value().is_some() && cursor.position() == end;
        if whole {
            for other in &mut self.parts {
                other.shift(part.end, end);
            }
        }
        whole
    }

    /// Walks to the end from what is known, before a part of this depth.
    fn walk(&mut self, mut depth: u8) -> Option<()> {
        let mut cursor = Cursor::new(&self.text, self.known);
        if self.known == 0 && (cursor.peek() != b'{' || !cursor.opens(b'}')) {
            return cursor.is_over();
        }
        loop {
            let name = cursor.entry(is_named(depth))?;
            let part = Part::new(&self.text, depth, name, cursor.position());
            self.parts.push(part);
            if !self.has_choices || !part.leads_on(cursor.peek()) {
                cursor.value()?;
            } else if cursor.opens(closing(depth + 1)) {
                depth += 1;
                continue;
            }
            // What ends with this value.
            loop {
                let mut parts = self.parts.iter_mut();
                if let Some(part) = parts.rfind(|part| part.depth == depth) {
                    part.end = cursor.position();
                }
                cursor.whitespace();
                if cursor.eat(b',') {
                    break;
                }
                cursor.expect(closing(depth))?;
                if depth == MEMBER {
                    return cursor.is_over();
                }
                depth -= 1;
            }
        }
    }

    fn problem(&self) -> &'static str {
        match scan::parse(&self.text) {
            Some(_) => "an event is not an object",
            None => "an event is not JSON",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;
    use crate::scan;

    fn read(text: &str) -> Result<(), &'static str> {
        Reader::new(true).read(text.as_bytes())
    }

    #[test]
    fn the_walk_takes_what_the_parser_takes_and_nothing_else() {
        let texts = [
            r#"{"a":[1,{"b":null}],"choices":[{"index":0,"delta":{"content":"x"}}],"c":"d"}"#,
            r#"{"choices":[1,"x",{}],"usage":{}}"#,
            r#"{"choices":null}"#,
            r#"{ }"#,
        ];
        for text in texts {
            read(text).unwrap();
            // Half of it, or one byte less in the middle, is taken only where it is JSON by chance.
            for at in 1..text.len() {
                let cut = text.get(..at).unwrap();
                assert_eq!(read(cut), Err("an event is not JSON"), "{cut}");
                let holed = [cut, text.get(at + 1..).unwrap()].concat();
                assert_eq!(
                    read(&holed).is_ok(),
                    scan::parse(&holed).is_some(),
                    "{holed}"
                );
            }
        }
        assert_eq!(read("[1]"), Err("an event is not an object"));
        assert_eq!(read("x"), Err("an event is not JSON"));
    }

    /// Texts that share beginnings and endings with others, taken apart differently.
    fn alike() -> Vec<String> {
        let increments = [
            r#""delta":{"content":"x"}"#,
            r#""delta":{"content":"长江"}"#,
            r#""delta":{"content":"a\"b"}"#,
            r#""delta":{"content":null,"role":"r"}"#,
            r#""delta":{}"#,
            r#""delta":null"#,
            r#""message":{"content":"x"}"#,
            r#""message":{"content":"x"},"delta":{"content":"y"}"#,
            r#""message":{"content":"x"},"gamma":{"content":"y"}"#,
            r#""\u0064elta":{"content":"x"}"#,
            r#""delta":{"content":"x"},"delta":{"content":"z"}"#,
        ];
        let mut texts = Vec::new();
        for increment in increments {
            for after in [
                "",
                r#","usage":{"n":1}"#,
                r#","usage":{"n":12}"#,
                r#","usage":1"#,
            ] {
                for count in 1..3 {
                    let choices = [r#"{"index":0,"#, increment, r#","logprobs":null}"#].concat();
                    let choices = [choices.as_str(); 2].get(..count).unwrap().join(",");
                    texts.push([r#"{"id":"c1","choices":["#, &choices, "]", after, "}"].concat());
                }
            }
        }
        let others = ["{}", r#"{"id":"c1"}"#, r#"{"id":"c2","choices":[]}"#];
        texts.extend(others.map(str::to_owned));
        texts.push(r#"{"id":"c1","choices":[1,{"delta":5}]}"#.to_owned());
        texts
    }

    #[test]
    fn an_event_is_read_as_if_it_were_the_first() {
        let texts = alike();
        let mut reader = Reader::new(true);
        for before in &texts {
            for text in &texts {
                reader.read(before.as_bytes()).unwrap();
                reader.read(text.as_bytes()).unwrap();
                let mut first = Reader::new(true);
                first.read(text.as_bytes()).unwrap();
                assert_eq!(reader.text, *text);
                let (read, expected) = (&reader.parts, &first.parts);
                assert_eq!(
                    format!("{read:?}"),
                    format!("{expected:?}"),
                    "{text} after {before}"
                );
            }
        }
    }

    #[test]
    fn no_event_before_it_makes_an_event_valid() {
        for text in alike() {
            let mut reader = Reader::new(true);
            for at in 0..text.len() {
                for byte in [&b"\""[..], b"}", b",", b"1", b"\\", b"\xff", b""] {
                    let bytes = text.as_bytes();
                    let changed = [&bytes[..at], byte, &bytes[at + 1..]].concat();
                    reader.read(bytes).unwrap();
                    let expected = Reader::new(true).read(&changed);
                    let shown = String::from_utf8_lossy(&changed);
                    assert_eq!(reader.read(&changed), expected, "{shown} after {text}");
                }
            }
        }
    }
}
