//! What the verifier accepts and refuses, with the reason of each refusal.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use pangulm_signer::{
    Payload, ReceivedRequest, Refusal, SecretKey, SignedHeaders, SigningDate, SigningKey,
    SigningOptions, SigningRequest, Verified, VerifyOptions, parse_authorization, sign, verify,
};

const NOW: u64 = 1_740_816_000;
const TOKEN: &str = "the-security-token";

/// A signed request in a form that a test can tamper with.
#[derive(Clone)]
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    /// A request with every kind of part, signed at [`NOW`].
    fn new(signed_headers: SignedHeaders) -> Self {
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Project-Id", "a project"),
            ("X-Security-Token", TOKEN),
        ];
        let query = [("name", "盘古 1+1"), ("empty", "")];
        let body = br#"{"a":1}"#;
        let request = SigningRequest {
            method: "POST",
            host: "pangu.example.com",
            path: "/v1/a%20b/chat",
            query: &query,
            headers: &headers,
            payload: Payload::Bytes(body),
        };
        let key = SigningKey::new("AK", &"SK".into()).unwrap();
        let options = SigningOptions::default().signed_headers(signed_headers);
        let date = SigningDate::from_unix_seconds(NOW).unwrap();
        let signed = sign(&request, &options, &key, date).unwrap();

        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut sent: Vec<_> = headers.into_iter().map(own).collect();
        sent.push(own(("Host", "pangu.example.com")));
        sent.extend(signed.headers().map(own));
        Self {
            method: "POST".to_owned(),
            path: "/v1/a%20b/chat".to_owned(),
            query: pangulm_signer::canonical_query(&query),
            headers: sent,
            body: body.to_vec(),
        }
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

    fn verify_at(&self, now: u64) -> Result<Verified, Refusal> {
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        let request = ReceivedRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: &self.body,
        };
        let lookup = |id: &str| (id == "AK").then(|| SecretKey::from("SK"));
        verify(&request, &VerifyOptions::at(now), &lookup)
    }

    fn verify(&self) -> Result<Verified, Refusal> {
        self.verify_at(NOW)
    }
}

type Tamper = fn(&mut Sent);

fn tampered(tamper: impl FnOnce(&mut Sent)) -> Refusal {
    let mut sent = Sent::new(SignedHeaders::All);
    assert!(sent.verify().is_ok());
    tamper(&mut sent);
    sent.verify().unwrap_err()
}

fn is_mismatch(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::SignatureMismatch { .. })
}

#[test]
fn any_subset_of_signed_headers_verifies() {
    for signed_headers in [SignedHeaders::Client, SignedHeaders::All] {
        assert_eq!(Sent::new(signed_headers).verify().unwrap().access_key, "AK");
    }
}

#[test]
fn tampering_with_any_signed_part_is_a_signature_mismatch() {
    let parts: [(&str, Tamper); 8] = [
        ("method", |sent| sent.method = "PUT".to_owned()),
        ("path", |sent| sent.path.push('x')),
        ("query value", |sent| sent.query.push('x')),
        ("query pair", |sent| sent.query.push_str("&x=1")),
        ("query gone", |sent| sent.query.clear()),
        ("body", |sent| sent.body.push(b' ')),
        ("date", |sent| {
            *sent.header("x-sdk-date") = "20250301T080001Z".to_owned()
        }),
        ("signature", |sent| {
            let header = sent.header("authorization");
            let last = header.pop().unwrap();
            header.push(if last == '0' { '1' } else { '0' });
        }),
    ];
    for (part, tamper) in parts {
        let refusal = tampered(tamper);
        assert!(is_mismatch(&refusal), "{part}: {refusal:?}");
    }
    for name in ["content-type", "host", "x-project-id", "x-security-token"] {
        let refusal = tampered(|sent| sent.header(name).push('x'));
        assert!(is_mismatch(&refusal), "{name}: {refusal:?}");
    }
}

#[test]
fn a_header_outside_the_signature_may_change() {
    let mut sent = Sent::new(SignedHeaders::Client);
    *sent.header("content-type") = "application/json;charset=UTF-8".to_owned();
    sent.add("via", "a proxy");
    assert!(sent.verify().is_ok());
}

#[test]
fn a_query_may_be_reordered_and_encoded_otherwise_but_plus_is_no_space() {
    let mut sent = Sent::new(SignedHeaders::Client);
    sent.query = "name=盘古%201%2b1&empty".to_owned();
    assert!(sent.verify().is_ok());
    sent.query = "name=盘古+1%2B1&empty=".to_owned();
    assert!(is_mismatch(&sent.verify().unwrap_err()));
}

#[test]
fn header_order_does_not_matter() {
    let mut sent = Sent::new(SignedHeaders::All);
    for _ in 0..sent.headers.len() {
        sent.headers.rotate_left(1);
        assert!(sent.verify().is_ok());
    }
    sent.headers.reverse();
    assert!(sent.verify().is_ok());
}

#[test]
fn a_date_up_to_15_minutes_off_is_accepted_either_way() {
    let sent = Sent::new(SignedHeaders::Client);
    for now in [NOW - 900, NOW - 899, NOW + 899, NOW + 900] {
        assert!(sent.verify_at(now).is_ok(), "{now}");
    }
    for now in [NOW - 901, NOW + 901] {
        assert_eq!(
            sent.verify_at(now),
            Err(Refusal::SkewedClock {
                signed_at: NOW,
                now
            })
        );
    }
}

#[test]
fn each_missing_or_malformed_part_has_its_own_refusal() {
    assert_eq!(
        tampered(|sent| sent.remove("authorization")),
        Refusal::MissingAuthorization
    );
    assert_eq!(
        tampered(|sent| sent.remove("x-sdk-date")),
        Refusal::MissingDate
    );
    let bad_date = |sent: &mut Sent| *sent.header("x-sdk-date") = "20250229T000000Z".to_owned();
    assert_eq!(tampered(bad_date), Refusal::MalformedDate);
    let bearer = |sent: &mut Sent| *sent.header("authorization") = "Bearer a-key".to_owned();
    assert_eq!(tampered(bearer), Refusal::WrongAlgorithm);
    let other_key = |sent: &mut Sent| {
        let header = sent.header("authorization");
        *header = header.replace("Access=AK", "Access=BK");
    };
    assert_eq!(
        tampered(other_key),
        Refusal::UnknownAccessKey("BK".to_owned())
    );
    let undated = |sent: &mut Sent| {
        let header = sent.header("authorization");
        *header = header.replace("x-sdk-date;", "");
    };
    assert_eq!(tampered(undated), Refusal::DateNotSigned);
    assert_eq!(
        tampered(|sent| sent.remove("x-project-id")),
        Refusal::MissingSignedHeader("x-project-id".to_owned())
    );
    assert_eq!(
        tampered(|sent| sent.add("X-Project-Id", "another")),
        Refusal::DuplicateHeader("x-project-id".to_owned())
    );
    assert_eq!(
        tampered(|sent| sent.add("x-sdk-content-sha256", &"0".repeat(64))),
        Refusal::BodyHashMismatch
    );
}

#[test]
fn a_body_declared_unsigned_afterwards_is_refused() {
    let declare = |sent: &mut Sent| {
        sent.add("x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
        sent.body = b"anything".to_vec();
    };
    assert!(is_mismatch(&tampered(declare)));
}

#[test]
fn a_mismatch_shows_the_canonical_request_on_one_line_without_the_token() {
    let Refusal::SignatureMismatch { canonical_request } = tampered(|sent| sent.path.push('x'))
    else {
        panic!("another refusal");
    };
    assert_eq!(
        canonical_request,
        "POST|/v1/a%20b/chatx/|empty=&name=%E7%9B%98%E5%8F%A4%201%2B1|\
         content-type:application/json|host:pangu.example.com|x-project-id:a project|\
         x-sdk-date:20250301T080000Z|x-security-token:***||\
         content-type;host;x-project-id;x-sdk-date;x-security-token|\
         015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    );
}

#[test]
fn malformed_authorization_headers_are_refused_without_a_panic() {
    let good = format!(
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature={}",
        "a1".repeat(32)
    );
    assert!(parse_authorization(&good).is_ok());
    let longer = format!("{good}, Extra=1");
    assert!(matches!(
        parse_authorization(&longer),
        Err(Refusal::MalformedAuthorization(_))
    ));
    for (from, to) in [
        ("Access=AK, ", ""),
        ("Access=AK", "Access="),
        ("Access=AK", "access=AK"),
        (", SignedHeaders=host;x-sdk-date", ""),
        ("host;x-sdk-date", ""),
        ("host;x-sdk-date", "x-sdk-date;host"),
        ("host;x-sdk-date", "host;host;x-sdk-date"),
        ("host;x-sdk-date", "Host;x-sdk-date"),
        ("host;x-sdk-date", "host;;x-sdk-date"),
        ("a1a1", "A1a1"),
        ("a1a1", "a1a"),
        ("a1a1", "é1a"),
        ("Signature=", "Signature=0x"),
        (", Signature", ", Extra=1, Signature"),
        ("SDK-HMAC-SHA256 ", "SDK-HMAC-SHA256 First=1, "),
        ("Signature=", "Signature"),
    ] {
        let bad = good.replacen(from, to, 1);
        let refusal = parse_authorization(&bad).unwrap_err();
        assert!(
            matches!(refusal, Refusal::MalformedAuthorization(_)),
            "{bad}: {refusal:?}"
        );
    }
    for other in [
        "",
        "Bearer x",
        "SDK-HMAC-SM3 Access=AK",
        "sdk-hmac-sha256 Access=AK",
    ] {
        assert_eq!(
            parse_authorization(other),
            Err(Refusal::WrongAlgorithm),
            "{other}"
        );
    }
    for end in (0..good.len()).filter(|end| *end > "SDK-HMAC-SHA256".len()) {
        assert!(parse_authorization(&good[..end]).is_err(), "cut at {end}");
    }
}
