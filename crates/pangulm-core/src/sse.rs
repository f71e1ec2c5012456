//! A push decoder for server-sent events.
//!
//! It takes the body in any pieces and accepts what is seen in the wild: `data:` with or without a
//! space, LF, CRLF and CR line ends, a byte order mark, comments, and a last event without the
//! blank line after it.

use crate::bytes;

/// The largest event taken: 4 MiB, hundreds of times what a chat sends.
pub const MAX_EVENT_BYTES: usize = 4 << 20;

/// One event, valid until the decoder is used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// What stood in the `event:` line, or nothing.
    pub name: &'a [u8],
    /// The `data:` lines, joined by line feeds.
    pub data: &'a [u8],
    /// The body ended before the blank line that ends an event: this one may not be whole.
    pub cut: bool,
}

/// An event was larger than [`MAX_EVENT_BYTES`]. The decoder gives nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLarge;

/// The decoder.
///
/// ```
/// let mut decoder = pangulm_core::sse::Decoder::default();
/// decoder.push(b"data:{\"a\":1}\n");
/// assert!(decoder.next_event().is_none());
/// decoder.push(b"\n");
/// assert_eq!(decoder.next_event().unwrap().unwrap().data, b"{\"a\":1}");
/// ```
#[derive(Debug, Default)]
pub struct Decoder {
    /// Bytes not yet taken apart into lines.
    buffer: Vec<u8>,
    /// Where the current line starts in `buffer`.
    line_start: usize,
    /// How far the search for its end has come.
    searched: usize,
    /// The last line ended in CR, so that a LF right after it belongs to the same end.
    after_cr: bool,
    begun: bool,
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// An event was handed out and is to be forgotten before the next.
    handed_out: bool,
    /// Where in `buffer` the line ends begin that [`Decoder::end`] put there.
    ended_at: Option<usize>,
    too_large: bool,
}

impl Decoder {
    /// Takes the next piece of the body.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.too_large || self.ended_at.is_some() {
            return;
        }
        // Most of the pieces of a long line find nothing before it.
        if self.line_start > 0 {
            self.buffer.copy_within(self.line_start.., 0);
            self.buffer.truncate(self.buffer.len() - self.line_start);
            self.searched -= self.line_start;
            self.line_start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that the body is over, so that an unfinished last event is given too.
    pub fn end(&mut self) {
        if self.ended_at.is_none() {
            const ENDS: &[u8] = b"\n\n";
            self.push(ENDS);
            self.ended_at = Some(self.buffer.len().saturating_sub(ENDS.len()));
        }
    }

    /// The next whole event; `None` when more bytes are needed.
    pub fn next_event(&mut self) -> Option<Result<Event<'_>, EventTooLarge>> {
        if std::mem::take(&mut self.handed_out) {
            self.forget_event();
        }
        loop {
            if self.too_large {
                return Some(Err(EventTooLarge));
            }
            let line = self.next_line()?;
            let (start, end) = line;
            if start == end {
                if self.has_data {
                    self.handed_out = true;
                    return Some(Ok(Event {
                        name: &self.name,
                        data: &self.data,
                        cut: self.ended_at.is_some_and(|at| self.line_start > at),
                    }));
                }
                self.forget_event();
            } else {
                self.take_field(start, end);
            }
        }
    }

    /// The bounds of the next whole line, without its end.
    fn next_line(&mut self) -> Option<(usize, usize)> {
        loop {
            let rest = self.buffer.get(self.searched..)?;
            let Some(offset) = bytes::find(rest, *b"\n\r", 0) else {
                self.searched = self.buffer.len();
                let unfinished = self.buffer.len() - self.line_start;
                if unfinished + self.data.len() > MAX_EVENT_BYTES {
                    self.refuse();
                    return Some((0, 0));
                }
                return None;
            };
            let start = self.line_start;
            let end = self.searched + offset;
            let ended_by_cr = rest.get(offset) == Some(&b'\r');
            self.line_start = end + 1;
            self.searched = end + 1;
            let second_half_of_crlf = self.after_cr && !ended_by_cr && start == end;
            self.after_cr = ended_by_cr;
            if !second_half_of_crlf {
                return Some((self.skip_byte_order_mark(start, end), end));
            }
        }
    }

    fn skip_byte_order_mark(&mut self, start: usize, end: usize) -> usize {
        let first = !std::mem::replace(&mut self.begun, true);
        let marked = self
            .buffer
            .get(start..end)
            .is_some_and(|line| line.starts_with(b"\xEF\xBB\xBF"));
        if first && marked { start + 3 } else { start }
    }

    fn take_field(&mut self, start: usize, end: usize) {
        let Some(line) = self.buffer.get(start..end) else {
            return;
        };
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.get(1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if self.data.len() + value.len() > MAX_EVENT_BYTES {
                    return self.refuse();
                }
                if self.has_data {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
                self.has_data = true;
            }
            b"event" => {
                self.name.clear();
                self.name.extend_from_slice(value);
            }
            // Comments, ids, reconnection times and fields nobody knows.
            _ => {}
        }
    }

    fn forget_event(&mut self) {
        self.name.clear();
        self.data.clear();
        self.has_data = false;
    }

    fn refuse(&mut self) {
        self.too_large = true;
        self.forget_event();
        self.buffer = Vec::new();
        self.line_start = 0;
        self.searched = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        let mut drain = |decoder: &mut Decoder| {
            while let Some(Ok(event)) = decoder.next_event() {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                events.push((text(event.name), text(event.data)));
            }
        };
        for piece in pieces {
            decoder.push(piece);
            drain(&mut decoder);
        }
        decoder.end();
        drain(&mut decoder);
        events
    }

    #[test]
    fn any_chunking_gives_the_same_events() {
        let text = "\u{feff}data:{\"a\":\"你好\"}\n\ndata: two\r\ndata: lines\r\n\r\n: comment\nid: 7\nevent:{\"token_number\":3}\n\nevent: x\rdata\r\rdata:[DONE]".as_bytes();
        let expected = [
            ("", "{\"a\":\"你好\"}"),
            ("", "two\nlines"),
            ("x", ""),
            ("", "[DONE]"),
        ];
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(name, data)| ((*name).to_owned(), (*data).to_owned()))
            .collect();
        for size in 1..=text.len() {
            let pieces: Vec<&[u8]> = text.chunks(size).collect();
            assert_eq!(events(&pieces), expected, "pieces of {size} bytes");
        }
    }

    #[test]
    fn an_event_beyond_the_limit_is_an_error_and_takes_no_memory() {
        for endless in [&b"data:"[..], b"x"] {
            let mut decoder = Decoder::default();
            decoder.push(endless);
            let piece = vec![b'a'; 1 << 20];
            for _ in 0..64 {
                decoder.push(&piece);
                if let Some(event) = decoder.next_event() {
                    assert_eq!(event, Err(EventTooLarge));
                }
            }
            assert!(matches!(decoder.next_event(), Some(Err(EventTooLarge))));
            assert!(decoder.buffer.capacity() <= 2 * MAX_EVENT_BYTES);
        }
    }

    #[test]
    fn lines_without_data_take_no_memory() {
        let mut decoder = Decoder::default();
        for data in ["", "data: x\n", "data: y\n"] {
            decoder.push(data.as_bytes());
            for _ in 0..10_000 {
                decoder.push(b": a comment\nid: 7\n");
                assert!(decoder.next_event().is_none());
            }
        }
        decoder.push(b"\n");
        assert_eq!(decoder.next_event().unwrap().unwrap().data, b"x\ny");
        assert!(decoder.buffer.capacity() < 1_000);
    }

    #[test]
    fn many_lines_of_one_event_are_bounded_too() {
        let mut decoder = Decoder::default();
        let line = [b"data:".as_slice(), &vec![b'a'; 1 << 16], b"\n"].concat();
        let mut refused = false;
        for _ in 0..1_000 {
            decoder.push(&line);
            refused |= matches!(decoder.next_event(), Some(Err(EventTooLarge)));
        }
        assert!(refused);
    }
}
