//! A walk over JSON text that checks its grammar as it goes.

use crate::bytes;
use crate::text::cut;
use std::borrow::Cow;

/// How deep arrays and objects may nest.
const DEEPEST: u8 = 128;

/// Where in a text the walk stands.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Where a name stands, quotes included; where there is none, nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether it holds escapes.
    pub(crate) escaped: bool,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Self {
            bytes: text.as_bytes(),
            at,
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Steps over white space, after which the text must end.
    pub(crate) fn is_over(&mut self) -> Option<()> {
        self.whitespace();
        (self.at >= self.bytes.len()).then_some(())
    }

    /// The next byte; at the end zero, which stands nowhere in JSON.
    pub(crate) fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// Steps over a byte that must stand here.
    pub(crate) fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    pub(crate) fn whitespace(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// Steps over one whole value.
    pub(crate) fn value(&mut self) -> Option<()> {
        self.nested(DEEPEST)
    }

    /// Steps over a value that may have so many levels.
    fn nested(&mut self, levels: u8) -> Option<()> {
        self.whitespace();
        match self.peek() {
            b'{' => self.entries(b'}', levels),
            b'[' => self.entries(b']', levels),
            b'"' => self.string().map(drop),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.number(),
        }
    }

    /// Steps over an object or an array, by its closing bracket.
    fn entries(&mut self, close: u8, levels: u8) -> Option<()> {
        let levels = levels.checked_sub(1)?;
        if !self.opens(close) {
            return Some(());
        }
        loop {
            self.entry(close == b'}')?;
            self.nested(levels)?;
            self.whitespace();
            if !self.eat(b',') {
                return self.expect(close);
            }
        }
    }

    /// Steps over an opening bracket, and the closing one too if nothing stands between them; tells
    /// whether something does.
    pub(crate) fn opens(&mut self, close: u8) -> bool {
        self.at += 1;
        self.whitespace();
        !self.eat(close)
    }

    /// Steps to the value of an entry, over its name if it has one.
    pub(crate) fn entry(&mut self, named: bool) -> Option<Name> {
        self.whitespace();
        let mut name = Name {
            start: self.at,
            end: self.at,
            escaped: false,
        };
        if named {
            name.escaped = self.string()?;
            name.end = self.at;
            self.whitespace();
            self.expect(b':')?;
            self.whitespace();
        }
        Some(name)
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then_some(())?;
        self.at += word.len();
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'-') {
                self.eat(b'+');
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// Steps over a string, quotes included; tells whether it holds escapes.
    fn string(&mut self) -> Option<bool> {
        self.expect(b'"')?;
        let mut escaped = false;
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += bytes::find(rest, *b"\"\\", b' ')?;
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Some(escaped);
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
            escaped = true;
        }
    }

    fn escape(&mut self) -> Option<()> {
        self.at += 1;
        let escaped = self.peek();
        self.at += 1;
        match escaped {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.bytes.get(self.at..self.at + 4)?;
                self.at += 4;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }
}

/// Decodes the inside of a checked string; `None` on a lone surrogate.
pub(super) fn decode_string(raw: &str) -> Option<Cow<'_, str>> {
    let Some((mut plain, mut escape)) = cut(raw, b'\\') else {
        return Some(Cow::Borrowed(raw));
    };
    let mut decoded = String::with_capacity(raw.len());
    loop {
        decoded.push_str(plain);
        let (character, rest) = decode_escape(escape)?;
        decoded.push(character);
        let Some(next) = cut(rest, b'\\') else {
            decoded.push_str(rest);
            return Some(Cow::Owned(decoded));
        };
        (plain, escape) = next;
    }
}

/// The character of one escape whose backslash is already gone, and what follows it.
fn decode_escape(escape: &str) -> Option<(char, &str)> {
    let (kind, rest) = escape.split_at_checked(1)?;
    let plain = match kind.bytes().next()? {
        b'b' => b'\x08',
        b'f' => b'\x0c',
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return decode_unicode(rest),
        other => other,
    };
    Some((char::from(plain), rest))
}

fn decode_unicode(digits: &str) -> Option<(char, &str)> {
    let (unit, rest) = code_unit(digits)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, rest));
    }
    let (low, rest) = code_unit(rest.strip_prefix("\\u")?)?;
    let high_part = unit.checked_sub(0xD800).filter(|part| *part < 0x400)?;
    let low_part = low.checked_sub(0xDC00).filter(|part| *part < 0x400)?;
    let character = char::from_u32(0x1_0000 + (high_part << 10) + low_part)?;
    Some((character, rest))
}

fn code_unit(digits: &str) -> Option<(u32, &str)> {
    let unit = u32::from_str_radix(digits.get(..4)?, 16).ok()?;
    Some((unit, digits.get(4..)?))
}
