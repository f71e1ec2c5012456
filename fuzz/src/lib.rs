//! What the fuzz targets share.

/// A request as text: `METHOD target`, `name: value` lines, an empty line and the body. Any bytes
/// make one, so that the fuzzer wastes no work on the format.
pub struct Message<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: Vec<(&'a str, &'a str)>,
    pub body: &'a [u8],
}

impl<'a> Message<'a> {
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let split = bytes.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = match split {
            Some(at) => (&bytes[..at], &bytes[at + 2..]),
            None => (bytes, &bytes[..0]),
        };
        let head = std::str::from_utf8(head).ok()?;
        let (first, lines) = head.split_once('\n').unwrap_or((head, ""));
        let (method, target) = first.split_once(' ').unwrap_or((first, ""));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let header = |line: &'a str| line.split_once(':').unwrap_or((line, ""));
        Some(Self {
            method,
            path,
            query,
            headers: lines.lines().map(header).collect(),
            body,
        })
    }

    pub fn pairs(&self) -> Vec<(&'a str, &'a str)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect()
    }
}

/// Cuts the rest of the input into pieces whose sizes its first byte decides.
pub fn pieces(input: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let Some((first, rest)) = input.split_first() else {
        return (input, Vec::new());
    };
    let mut sizes = usize::from(*first);
    let (mut pieces, mut left) = (Vec::new(), rest);
    while !left.is_empty() {
        // Small pieces find more; which sizes follow each other differs from start to start.
        sizes = sizes * 7 % 31;
        let (piece, after) = left.split_at((sizes % 6 + 1).min(left.len()));
        pieces.push(piece);
        left = after;
    }
    (rest, pieces)
}
