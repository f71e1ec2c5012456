//! Promises that hold for every input, tried on generated ones.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use pangulm_signer::{
    Payload, ReceivedRequest, SecretKey, SignedHeaders, SigningDate, SigningKey, SigningOptions,
    SigningRequest, VerifyOptions, canonical_path, canonical_query, prepare, sign, verify,
};

const ROUNDS: usize = 3_000;
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

/// A small generator with a fixed start, so that a failure comes back.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.below(most + 1))
            .map(|_| PIECES[self.below(PIECES.len())])
            .collect()
    }

    fn pairs(&mut self) -> Vec<(String, String)> {
        (0..self.below(5))
            .map(|_| (self.text(4), self.text(6)))
            .collect()
    }
}

fn borrow(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}

#[test]
fn a_canonical_path_is_its_own_canonical_path() {
    let mut random = Random(1);
    for _ in 0..ROUNDS {
        let path = format!("/{}", random.text(12));
        let canonical = canonical_path(&path);
        assert_eq!(canonical_path(&canonical), canonical, "{path}");
        assert!(canonical.starts_with('/') && canonical.ends_with('/') && canonical.is_ascii());
    }
    assert_eq!(canonical_path(""), "/");
}

#[test]
fn a_canonical_query_does_not_depend_on_the_order_of_its_pairs() {
    let mut random = Random(2);
    for _ in 0..ROUNDS {
        let mut pairs = random.pairs();
        let canonical = canonical_query(&pairs);
        pairs.reverse();
        assert_eq!(canonical_query(&pairs), canonical);
        pairs.sort_by_key(|pair| pair.1.len());
        assert_eq!(canonical_query(&pairs), canonical);
    }
}

#[test]
fn whatever_is_signed_verifies() {
    let key = SigningKey::new("AK", &SecretKey::from("SK")).unwrap();
    let date = SigningDate::from_unix_seconds(1_740_816_000).unwrap();
    let mut random = Random(3);
    for round in 0..ROUNDS {
        let path = format!("/{}", random.text(8));
        let query = random.pairs();
        let value = format!(" {}\t", random.text(4));
        let body = random.text(9);
        let given = [
            ("X-Sdk-Any", value.as_str()),
            ("Content-Type", "text/plain"),
        ];
        let request = SigningRequest {
            method: ["GET", "post", "Delete"][random.below(3)],
            host: "h.example.com:8443",
            path: &path,
            query: &borrow(&query),
            headers: &given,
            payload: if round % 5 == 0 {
                Payload::Unsigned
            } else {
                Payload::Bytes(body.as_bytes())
            },
        };
        let choice = [SignedHeaders::Client, SignedHeaders::All][random.below(2)];
        let options = SigningOptions::default().signed_headers(choice);
        let signed = sign(&request, &options, &key, date).unwrap();
        let wire_query = canonical_query(&query);
        let prepared = prepare(&request, &options, "AK", date).unwrap();
        assert_eq!(prepared.wire_query(), wire_query);

        let mut headers = given.to_vec();
        headers.push(("host", request.host));
        for (name, value) in signed.headers() {
            headers.push((name, value));
        }
        headers.rotate_left(random.below(4));
        let received = ReceivedRequest {
            method: request.method,
            path: &path,
            query: &wire_query,
            headers: &headers,
            body: body.as_bytes(),
        };
        let verified = verify(&received, &VerifyOptions::at(date.unix_seconds()), &|_| {
            Some(SecretKey::from("SK"))
        });
        assert!(
            verified.is_ok(),
            "{verified:?} {}",
            prepared.canonical_request()
        );
    }
}
