//! Events checked and taken apart, in one walk over the text of each.
//!
//! The events of a stream are alike: most differ from the one before in a few words. A walk from left
//! to right stands where the last one stood as long as the bytes are the same, so it begins where
//! they are no longer.

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
        let (depth, at) = self.resume(shared);
        self.known = at;
        self.text.truncate(at);
        let rest = data.get(at..).unwrap_or_default();
        let rest = std::str::from_utf8(rest).map_err(|_| "an event is not UTF-8");
        let read = rest.and_then(|rest| {
            self.text.push_str(rest);
            self.walk(depth, at).ok_or_else(|| self.problem())
        });
        match read {
            Ok(()) => mark_increments(&mut self.parts),
            Err(_) => self.parts.clear(),
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

    /// Goes back to the last part that begins alike in both events, and gives its place. The walk
    /// stood before it in the same way.
    fn resume(&mut self, shared: usize) -> (u8, usize) {
        while let Some(part) = self.parts.pop() {
            if part.name.start < shared {
                return (part.depth, part.name.start);
            }
        }
        (MEMBER, 0)
    }

    /// Walks to the end, from a place before a part of this depth or from the very beginning.
    fn walk(&mut self, mut depth: u8, at: usize) -> Option<()> {
        let mut cursor = Cursor::new(&self.text, at);
        if at == 0 && (cursor.peek() != b'{' || !cursor.opens(b'}')) {
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
}
