//! What the object storage's verifier accepts and refuses, with the reason of each refusal.

#![cfg(feature = "obs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use pangulm_signer::{
    ReceivedRequest, SecretKey, SigningDate, SigningKey,
    obs::{
        Address, Dialect, Refusal, Request, Verified, VerifyOptions, hmac_sha1, prepare, presign,
        sign, verify,
    },
};

const NOW: u64 = 1_740_816_000;
const ENDPOINT: &str = "obs.example.com";
const TOKEN: &str = "the-security-token";
const LIFETIME: u64 = 600;

/// A signed request in a form that a test can tamper with.
#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
}

fn key() -> SigningKey {
    SigningKey::new("A:K", &SecretKey::from("SK")).unwrap()
}

fn now() -> SigningDate {
    SigningDate::from_unix_seconds(NOW).unwrap()
}

impl Sent {
    fn new(url: &str, headers: &[(&str, &str)]) -> Self {
        let rest = url.strip_prefix("https://").unwrap();
        let (target, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = target.split_at(target.find('/').unwrap());
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut headers: Vec<_> = headers.iter().map(own).collect();
        headers.push(("Host".to_owned(), host.to_owned()));
        Self {
            method: "PUT".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
        }
    }

    /// Signed by headers, with every kind of part.
    fn by_headers(dialect: Dialect) -> Self {
        let (token, note) = match dialect {
            Dialect::Obs => ("x-obs-security-token", "X-Obs-Meta-Note"),
            Dialect::AwsV2 => ("x-amz-security-token", "X-Amz-Meta-Note"),
        };
        let mut headers = vec![
            (token, TOKEN),
            (note, "one"),
            (note, " two "),
            ("Content-Type", "text/plain"),
            ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
        ];
        let request = Request {
            method: "PUT",
            endpoint: ENDPOINT,
            address: Address::VirtualHost("bucket"),
            key: Some("a b/盘+.txt"),
            query: &[
                ("uploadId", Some("a/b+c d")),
                ("acl", None),
                ("prefix", Some("x")),
            ],
            headers: &headers.clone(),
        };
        let signed = sign(&request, dialect, &key(), now()).unwrap();
        for (name, value) in signed.headers() {
            headers.push((name, value));
        }
        Self::new(signed.url(), &headers)
    }

    /// Signed in the query.
    fn by_url(dialect: Dialect) -> Self {
        let token = match dialect {
            Dialect::Obs => "x-obs-security-token",
            Dialect::AwsV2 => "x-amz-security-token",
        };
        let headers = [("Content-Type", "text/plain")];
        let request = Request {
            method: "PUT",
            endpoint: ENDPOINT,
            address: Address::PathStyle("bucket"),
            key: Some("a/key"),
            query: &[
                (token, Some(TOKEN)),
                ("response-expires", Some("now & then")),
            ],
            headers: &headers,
        };
        let url = presign(&request, dialect, &key(), now(), LIFETIME).unwrap();
        Self::new(url.as_str(), &headers)
    }

    fn header(&mut self, name: &str) -> &mut String {
        let found = self
            .headers
            .iter_mut()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        &mut found.unwrap().1
    }

    fn remove(&mut self, name: &str) {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    }

    fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn in_query(&mut self, from: &str, to: &str) {
        assert!(self.query.contains(from), "{} has no {from}", self.query);
        self.query = self.query.replacen(from, to, 1);
    }

    fn verify_at(&self, now: u64) -> Result<Verified, Refusal> {
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        let request = ReceivedRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: b"",
        };
        let lookup = |id: &str| (id == "A:K").then(|| SecretKey::from("SK"));
        verify(&request, &VerifyOptions::at(now, &[ENDPOINT]), &lookup)
    }

    fn verify(&self) -> Result<Verified, Refusal> {
        self.verify_at(NOW)
    }
}

type Tamper = fn(&mut Sent);

fn tampered(mut sent: Sent, tamper: impl FnOnce(&mut Sent)) -> Result<Verified, Refusal> {
    assert!(sent.verify().is_ok());
    tamper(&mut sent);
    sent.verify()
}

fn is_mismatch(outcome: &Result<Verified, Refusal>) -> bool {
    matches!(outcome, Err(Refusal::SignatureMismatch { .. }))
}

#[test]
fn what_the_signer_makes_is_accepted_in_both_dialects() {
    for dialect in [Dialect::Obs, Dialect::AwsV2] {
        let verified = Sent::by_headers(dialect).verify().unwrap();
        assert_eq!(verified.access_key, "A:K");
        assert_eq!((verified.dialect, verified.expires_at), (dialect, None));

        let verified = Sent::by_url(dialect).verify().unwrap();
        assert_eq!(verified.dialect, dialect);
        assert_eq!(verified.expires_at, Some(NOW + LIFETIME));
    }
}

#[test]
fn tampering_with_any_signed_part_of_a_header_signature_is_refused() {
    let parts: [(&str, Tamper); 13] = [
        ("method", |sent| sent.method = "GET".to_owned()),
        ("path", |sent| sent.path.push('x')),
        ("slash", |sent| {
            sent.path = sent.path.replacen("a%20b", "a%20b/", 1)
        }),
        ("bucket", |sent| {
            *sent.header("host") = "other.obs.example.com".to_owned()
        }),
        ("custom domain", |sent| {
            *sent.header("host") = "bucket.example.com".to_owned()
        }),
        ("sub-resource", |sent| sent.in_query("a/b%2Bc", "a/b%2Bd")),
        ("sub-resource gone", |sent| sent.in_query("&acl", "")),
        ("sub-resource with a value", |sent| {
            sent.in_query("&acl", "&acl=")
        }),
        ("sub-resource added", |sent| {
            sent.query.push_str("&versionId=1")
        }),
        ("type", |sent| {
            *sent.header("content-type") = "text/html".to_owned()
        }),
        ("digest", |sent| sent.remove("content-md5")),
        ("token", |sent| {
            *sent.header("x-obs-security-token") = "other".to_owned()
        }),
        ("header added", |sent| sent.add("x-obs-acl", "public-read")),
    ];
    for (part, tamper) in parts {
        let outcome = tampered(Sent::by_headers(Dialect::Obs), tamper);
        assert!(is_mismatch(&outcome), "{part}: {outcome:?}");
    }
    let moved = tampered(Sent::by_headers(Dialect::Obs), |sent| {
        *sent.header("x-obs-date") = "Sat, 01 Mar 2025 08:00:01 GMT".to_owned();
    });
    assert!(is_mismatch(&moved), "{moved:?}");
}

#[test]
fn tampering_with_any_signed_part_of_a_url_is_refused() {
    let parts: [(&str, Tamper); 7] = [
        ("method", |sent| sent.method = "DELETE".to_owned()),
        ("bucket", |sent| {
            sent.path = sent.path.replace("bucket", "bucke")
        }),
        ("key", |sent| sent.path.push('/')),
        ("token", |sent| sent.in_query("-token=the", "-token=no")),
        ("type", |sent| sent.remove("content-type")),
        ("override", |sent| sent.in_query("now%20", "never%20")),
        ("end", |sent| {
            sent.in_query("Expires=1740816600", "Expires=1740816601")
        }),
    ];
    for (part, tamper) in parts {
        let outcome = tampered(Sent::by_url(Dialect::Obs), tamper);
        assert!(is_mismatch(&outcome), "{part}: {outcome:?}");
    }
}

#[test]
fn what_is_not_signed_may_change() {
    let free: [(&str, Tamper); 6] = [
        // The values of one name keep their order.
        ("order", |sent| sent.headers.rotate_left(3)),
        ("header", |sent| sent.add("Range", "bytes=0-9")),
        ("other dialect", |sent| sent.add("x-amz-acl", "private")),
        ("parameter", |sent| sent.in_query("prefix=x", "prefix=y")),
        ("encoding", |sent| sent.path = sent.path.replace("%2B", "+")),
        ("host case", |sent| {
            *sent.header("host") = "bucket.OBS.example.com:443".to_owned();
        }),
    ];
    for (part, tamper) in free {
        let mut sent = Sent::by_headers(Dialect::Obs);
        tamper(&mut sent);
        assert!(sent.verify().is_ok(), "{part}: {:?}", sent.verify());
    }
}

#[test]
fn a_date_too_far_from_now_is_refused_either_way() {
    let sent = Sent::by_headers(Dialect::Obs);
    for now in [NOW - 900, NOW + 900] {
        assert!(sent.verify_at(now).is_ok());
    }
    for now in [NOW - 901, NOW + 901] {
        let signed_at = NOW;
        assert_eq!(
            sent.verify_at(now),
            Err(Refusal::SkewedClock { signed_at, now })
        );
    }
}

#[test]
fn a_url_ends_when_it_says() {
    let sent = Sent::by_url(Dialect::Obs);
    let expires_at = NOW + LIFETIME;
    assert!(sent.verify_at(expires_at).is_ok());
    let now = expires_at + 1;
    assert_eq!(
        sent.verify_at(now),
        Err(Refusal::Expired { expires_at, now })
    );
    let long_ago = expires_at - (20 * 365 + 5) * 86_400;
    assert_eq!(
        sent.verify_at(long_ago),
        Err(Refusal::ExpiresTooLate(expires_at))
    );
}

#[test]
fn every_refusal_names_its_reason() {
    let header = |tamper: Tamper| tampered(Sent::by_headers(Dialect::Obs), tamper).unwrap_err();
    let url = |tamper: Tamper| tampered(Sent::by_url(Dialect::Obs), tamper).unwrap_err();
    let duplicate = |name: &str| Refusal::DuplicateHeader(name.to_owned());
    let cases = [
        (
            header(|it| it.remove("authorization")),
            Refusal::MissingSignature,
        ),
        (
            header(|it| it.query.push_str("&Signature=x")),
            Refusal::TwoSignatures,
        ),
        (header(|it| it.remove("host")), Refusal::MissingHost),
        (header(|it| it.remove("x-obs-date")), Refusal::MissingDate),
        (
            header(|it| *it.header("x-obs-date") = "20250301T080000Z".to_owned()),
            Refusal::MalformedDate,
        ),
        (
            header(|it| *it.header("x-obs-date") = "Sun, 01 Mar 2025 08:00:00 GMT".to_owned()),
            Refusal::MalformedDate,
        ),
        (
            header(|it| *it.header("authorization") = "AWS4-HMAC-SHA256 x".to_owned()),
            Refusal::WrongAlgorithm,
        ),
        (
            header(|it| {
                let other = it.header("authorization").replace("A:K", "B");
                *it.header("authorization") = other;
            }),
            Refusal::UnknownAccessKey("B".to_owned()),
        ),
        (header(|it| it.add("host", "x")), duplicate("host")),
        (
            header(|it| it.add("Content-Type", "x")),
            duplicate("content-type"),
        ),
        (
            header(|it| it.add("Authorization", "x")),
            duplicate("authorization"),
        ),
        (
            header(|it| it.add("X-Obs-Date", "x")),
            duplicate("x-obs-date"),
        ),
        (
            header(|it| it.query.push_str("&acl")),
            Refusal::DuplicateParameter("acl".to_owned()),
        ),
        (
            url(|it| it.query.push_str("&Expires=1")),
            Refusal::DuplicateParameter("Expires".to_owned()),
        ),
    ];
    for (refusal, expected) in cases {
        assert_eq!(refusal, expected);
        assert!(!refusal.to_string().is_empty());
    }
    let malformed: [Refusal; 7] = [
        header(|it| *it.header("authorization") = "OBS A:K".to_owned()),
        header(|it| *it.header("authorization") = "OBS :AAAA".to_owned()),
        header(|it| it.header("authorization").push('=')),
        url(|it| it.in_query("&AccessKeyId=A%3AK", "")),
        url(|it| it.query.push_str("&AWSAccessKeyId=A")),
        url(|it| it.in_query("Expires=1740816600", "Expires=%2B1740816600")),
        url(|it| it.in_query("Expires=1740816600", "Expires=99999999999999999999999")),
    ];
    for refusal in malformed {
        assert!(
            matches!(refusal, Refusal::MalformedSignature(_)),
            "{refusal:?}"
        );
    }
}

#[test]
fn no_refusal_shows_a_token() {
    for sent in [Sent::by_headers(Dialect::Obs), Sent::by_url(Dialect::AwsV2)] {
        let refusal = tampered(sent, |sent| sent.method = "HEAD".to_owned()).unwrap_err();
        let shown = format!("{refusal} {refusal:?}");
        assert!(!shown.contains(TOKEN), "{shown}");
        assert!(shown.contains("-security-token"), "{shown}");
        assert!(shown.contains("***"), "{shown}");
    }
}

#[test]
fn a_date_header_stands_in_the_line_of_the_date() {
    let headers = [("Date", "Sat, 01 Mar 2025 08:00:00 GMT")];
    let request = Request {
        method: "PUT",
        endpoint: "data.example.org",
        address: Address::CustomDomain,
        key: Some("k"),
        query: &[],
        headers: &headers,
    };
    let prepared = prepare(&request, Dialect::Obs, "A:K", now()).unwrap();
    assert_eq!(
        prepared.string_to_sign(),
        "PUT\n\n\nSat, 01 Mar 2025 08:00:00 GMT\n/data.example.org/k"
    );
    let mac = hmac_sha1(b"SK", prepared.string_to_sign().as_bytes());
    let signed = prepared.finish(mac);
    assert_eq!(signed.headers().count(), 1);
    let mut sent = Sent::new(signed.url(), &headers);
    sent.add("Authorization", signed.authorization());
    assert!(sent.verify().is_ok());
}
