//! Requests from a seed: the same seed gives the same requests on every machine.

use pangulm_signer::{hex, sha256};
use serde_json::{Value, json};

use crate::request::{Blob, Body, DATE, Key, Request};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
const HOSTS: [&str; 10] = [
    "pangu.cn-southwest-2.myhuaweicloud.com",
    "iam.myhuaweicloud.com",
    "edge.example.com:8443",
    "edge.example.com:443",
    "edge.example.com:80",
    "10.1.2.3:30443",
    "localhost",
    "[fd00::1]:8443",
    "under_score.example.com",
    "trailing.example.com.",
];
const ODD_HOSTS: [&str; 2] = ["Edge.Example.COM", "盘古.example.com"];

/// Pieces of a path that nobody disagrees about, then pieces that somebody may.
const SEGMENTS: [&str; 16] = [
    "v1",
    "77b6a44c",
    "chat",
    "a.b",
    "-_.~",
    ".",
    "..",
    "",
    "盘古",
    "café",
    "😀",
    "a+b",
    "a:b@c",
    "!$&()*,;=",
    "100%",
    "%zz",
];
const ODD_SEGMENTS: [&str; 22] = [
    "a b",
    "a%20b",
    "%2B",
    "%E6%A8%A1",
    "%e6%a8%a1",
    "a%2Fb",
    "%25",
    "%2541",
    "%7E",
    "%41",
    "%FF",
    "%C3%28",
    "o'neil",
    "\"q\"",
    "{a}",
    "a|b",
    "^`",
    "<x>",
    "a\\b",
    "a?b",
    "a#b",
    "tab\tbed",
];

const NAMES: [&str; 16] = [
    "limit", "marker", "Limit", "LIMIT", "a", "a-b", "a.b", "a_b", "a~", "x y", "q+", "", "名称",
    "é", "\u{ff5e}", "😀",
];
const VALUES: [&str; 16] = [
    "", "1", "10", "2", "a b", "a+b", "a=b", "a&b", "/tmp/123", "50%", "%20", "盘古", "!'()*",
    "-_.~", "\u{ff5e}", "😀",
];

const HEADERS: [&str; 8] = [
    "X-Request-Id",
    "x-trace",
    "User-Agent",
    "Accept",
    "X-Language",
    "x-a-b",
    "x-ab",
    "X-0",
];
const ODD_HEADERS: [&str; 5] = ["x_custom", "X-Under_Score", "x-a!b", "x-a~b", "x'q"];
const HEADER_VALUES: [&str; 8] = [
    "v",
    "two  words",
    "text/html, */*;q=0.8",
    "a:b;c=d",
    "",
    "盘古",
    "\"quoted\"",
    "tab\tinside",
];
const ODD_HEADER_VALUES: [&str; 5] = [
    " padded",
    "padded \t",
    "\tpadded  two ",
    "wide\u{3000}",
    "\u{a0}narrow",
];

const JSON_TYPE: &str = "application/json";
const TYPES: [&str; 12] = [
    "application/json;charset=UTF-8",
    "application/json; charset=utf-8",
    "Application/JSON",
    "Application/JSON; charset=utf-8",
    "application/bson",
    "application/octet-stream",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/merge-patch+json",
    "multipart/form-data; boundary=x",
    "",
    "json",
];
const TEXTS: [&str; 6] = ["a=1&b=2", "{ \"a\": 1 }\n", "盘古", "\"", "{\"a\":1}", ""];
const BLOBS: [Blob; 2] = [
    Blob {
        base64: "AP+A/g==",
        bytes: &[0, 255, 128, 254],
    },
    Blob {
        base64: "H4sIAAAA",
        bytes: b"\x1f\x8b\x08\0\0\0",
    },
];
const FALSY: [&str; 4] = ["null", "false", "0", "\"\""];

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const KEYS: [(&str, &str); 3] = [
    (
        "QTWAOYTTINDUT2QVKYUC",
        "an-invented-secret-key-of-40-characters!",
    ),
    ("AK", "密钥"),
    (
        "LONGSECRET",
        "a secret that is longer than one block of SHA-256, which is why HMAC has to hash it first",
    ),
];

/// SplitMix64.
pub(crate) struct Generator(pub(crate) u64);

impl Generator {
    pub(crate) fn request(&mut self) -> Request {
        let mut headers = self.headers();
        let body = self.body();
        self.content_headers(&mut headers, &body);
        Request {
            method: if self.one_in(40) {
                "post"
            } else {
                self.pick(&METHODS)
            },
            host: if self.one_in(40) {
                self.pick(&ODD_HOSTS)
            } else {
                self.pick(&HOSTS)
            },
            path: self.path(),
            query: self.query(),
            derived: None,
            headers,
            body,
            key: self.key(),
        }
    }

    fn path(&mut self) -> String {
        if self.one_in(80) {
            return String::new();
        }
        let odd = self.one_in(4);
        let mut path = String::new();
        for _ in 0..=self.below(5) {
            path.push('/');
            path.push_str(if odd && self.one_in(2) {
                self.pick(&ODD_SEGMENTS)
            } else {
                self.pick(&SEGMENTS)
            });
        }
        path
    }

    fn query(&mut self) -> Vec<(String, Vec<Value>)> {
        let mut query: Vec<(String, Vec<Value>)> = Vec::new();
        for _ in 0..self.below(5) {
            let name = [self.pick(&NAMES), self.pick(&["", "", "2", "b"])].concat();
            if query.iter().all(|(known, _)| *known != name) {
                query.push((name, self.values()));
            }
        }
        query
    }

    /// Values of one kind: the Python signer cannot sort a list of several.
    fn values(&mut self) -> Vec<Value> {
        let count = if self.one_in(3) { self.below(4) } else { 1 };
        let kind = self.below(24);
        (0..count)
            .map(|_| match kind {
                0 => json!(self.below(30)),
                1 => json!(self.one_in(2)),
                2 => json!(self.pick(&[0.5, 1.0, 2.25])),
                _ => json!(self.pick(&VALUES)),
            })
            .collect()
    }

    fn headers(&mut self) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = Vec::new();
        for _ in 0..self.below(4) {
            let name = if self.one_in(20) {
                self.pick(&ODD_HEADERS)
            } else {
                self.pick(&HEADERS)
            };
            let value = if self.one_in(20) {
                self.pick(&ODD_HEADER_VALUES)
            } else {
                self.pick(&HEADER_VALUES)
            };
            if headers.iter().all(|(known, _)| known != name) {
                headers.push((name.into(), value.into()));
            }
        }
        if self.one_in(60) {
            let twice = [("X-Twice", "1"), ("x-twice", self.pick(&["1", "2"]))];
            headers.extend(twice.map(|(name, value)| (name.into(), value.into())));
        }
        if self.one_in(12) {
            let name = if self.one_in(5) { "HOST" } else { "Host" };
            headers.push((name.into(), "override.example.com:8080".into()));
        }
        if self.one_in(80) {
            headers.push(("Authorization".into(), "Bearer abc".into()));
        }
        let date = if self.one_in(60) {
            "x-sdk-date"
        } else {
            "X-Sdk-Date"
        };
        headers.insert(self.below(headers.len() + 1), (date.into(), DATE.into()));
        headers
    }

    fn body(&mut self) -> Body {
        match self.below(24) {
            0..8 => Body::None,
            8..20 => Body::Json(self.json(2).to_string()),
            20 => Body::Json(self.pick(&FALSY).into()),
            21 | 22 => Body::Text(self.pick(&TEXTS).into()),
            _ => Body::Bytes(self.pick(&BLOBS)),
        }
    }

    /// An object whose text is the same from every JSON writer: no number-like names, no floats.
    fn json(&mut self, depth: usize) -> Value {
        let mut object = serde_json::Map::new();
        for _ in 0..=self.below(3) {
            let value = match self.below(6) {
                0 => json!(self.below(100_000)),
                1 => json!([true, null, "\u{1}\u{7f}\u{2028}\\\"/"]),
                2 if depth > 0 => self.json(depth - 1),
                3 => json!([]),
                _ => json!(self.pick(&VALUES)),
            };
            object.insert(format!("n{}", self.pick(&NAMES)), value);
        }
        Value::Object(object)
    }

    fn content_headers(&mut self, headers: &mut Vec<(String, String)>, body: &Body) {
        let json = matches!(body, Body::Json(_)) && !self.one_in(6);
        let kind = match self.below(8) {
            0..2 => None,
            2..6 if json => Some(JSON_TYPE),
            2..6 if matches!(body, Body::None) => None,
            _ => Some(self.pick(&TYPES)),
        };
        if let Some(kind) = kind {
            let name = if self.one_in(20) {
                "content-type"
            } else {
                "Content-Type"
            };
            headers.push((name.into(), kind.into()));
        }
        if self.one_in(12) {
            let name = if self.one_in(5) {
                "x-sdk-content-sha256"
            } else {
                "X-Sdk-Content-Sha256"
            };
            let value = if self.one_in(2) {
                UNSIGNED.into()
            } else {
                hex(&sha256(body.bytes()))
            };
            headers.push((name.into(), value));
        }
    }

    fn key(&mut self) -> Key {
        let (ak, sk) = self.pick(&KEYS);
        Key {
            ak,
            sk,
            global: self.one_in(3),
            scope: self.one_in(2).then_some("0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
            token: self.one_in(3).then_some("gQtjbi1ub3J0aC00+/AB=="),
        }
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        from.get(self.below(from.len()))
            .copied()
            .unwrap_or_default()
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        usize::try_from(bits % limit).unwrap_or_default()
    }
}
