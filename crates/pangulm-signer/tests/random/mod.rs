//! A small generator with a fixed start, so that a failure comes back.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test fails by panicking, and no test uses all of it"
)]

/// Texts that paths, queries and values are put together from.
const PIECES: [&str; 24] = [
    "a",
    "Z",
    "9",
    "-",
    "_",
    ".",
    "~",
    "/",
    "//",
    "%",
    "%2",
    "%2F",
    "%2f",
    "%25",
    "%zz",
    "%FF",
    "%e4%b8%80",
    " ",
    "+",
    "&",
    "=",
    "é",
    "盘",
    "😀",
];

/// What else may come in where nothing has been checked yet.
const WILD: [&str; 20] = [
    "",
    "\n",
    "\r\n",
    "\0",
    "\u{7f}",
    ":",
    ";",
    ",",
    ", ",
    "?",
    "#",
    "\"",
    "\\",
    "[::1]:",
    "https://",
    "Signature=",
    "SignedHeaders=",
    "SDK-HMAC-SHA256 Access=",
    "V11-HMAC-SHA256 Credential=a/b/c/d",
    "OBS a:",
];

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn text(&mut self, most: usize) -> String {
        (0..self.below(most + 1))
            .map(|_| self.one_of(&PIECES))
            .collect()
    }

    pub(crate) fn wild(&mut self, most: usize) -> String {
        (0..self.below(most + 1))
            .map(|_| match self.below(3) {
                0 => self.one_of(&PIECES),
                _ => self.one_of(&WILD),
            })
            .collect()
    }

    pub(crate) fn pairs(&mut self) -> Vec<(String, String)> {
        (0..self.below(5))
            .map(|_| (self.text(4), self.text(6)))
            .collect()
    }

    pub(crate) fn wild_pairs(&mut self) -> Vec<(String, String)> {
        (0..self.below(4))
            .map(|_| (self.wild(3), self.wild(5)))
            .collect()
    }
}

pub(crate) fn borrow(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}
