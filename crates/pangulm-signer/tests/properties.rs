//! Promises that hold for every input, tried on generated ones.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use pangulm_signer::{
    Payload, ReceivedRequest, SecretKey, SignedHeaders, SigningDate, SigningKey, SigningOptions,
    SigningRequest, VerifyOptions, canonical_path, canonical_query, parse_authorization, prepare,
    sign, verify,
};
use random::{Random, borrow};

mod random;

const ROUNDS: usize = 3_000;

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

#[test]
fn the_order_of_headers_and_pairs_does_not_matter_and_tampering_does() {
    let date = SigningDate::from_unix_seconds(1_740_816_000).unwrap();
    let key = SigningKey::new("AK", &SecretKey::from("SK")).unwrap();
    let mut random = Random(4);
    for round in 0..ROUNDS / 3 {
        let options = SigningOptions::default().signed_headers(SignedHeaders::All);
        let (options, verifying) = if round % 2 == 0 {
            (options, VerifyOptions::at(date.unix_seconds()))
        } else {
            let verifying = VerifyOptions::at(date.unix_seconds());
            (options.derived("r", "s"), verifying.derived("r", "s"))
        };
        let path = format!("/{}", random.text(6));
        let mut query = random.pairs();
        let mut given = [
            ("X-Sdk-A".to_owned(), random.text(3)),
            ("X-Project-Id".to_owned(), random.text(3)),
            ("Accept".to_owned(), random.text(3)),
        ];
        let body = random.text(4);
        let sign_now = |query: &[(String, String)], headers: &[(String, String)]| {
            let request = SigningRequest {
                method: "POST",
                host: "h.example.com",
                path: &path,
                query: &borrow(query),
                headers: &borrow(headers),
                payload: Payload::Bytes(body.as_bytes()),
            };
            sign(&request, &options, &key, date).unwrap()
        };
        let signed = sign_now(&query, &given);
        query.reverse();
        given.rotate_left(random.below(3));
        let again = sign_now(&query, &given);
        assert_eq!(signed.authorization(), again.authorization());

        let wire_query = canonical_query(&query);
        let accepts = |method: &str, path: &str, query: &str, headers: &[_], body: &str| {
            let mut all = headers.to_vec();
            for (name, value) in signed.headers() {
                all.push((name, value));
            }
            let request = ReceivedRequest {
                method,
                path,
                query,
                headers: &all,
                body: body.as_bytes(),
            };
            let known = |_: &str| Some(SecretKey::from("SK"));
            verify(&request, &verifying, &known).is_ok()
        };
        let mut headers = borrow(&given);
        headers.push(("host", "h.example.com"));
        assert!(accepts("POST", &path, &wire_query, &headers, &body));
        assert!(!accepts("PUT", &path, &wire_query, &headers, &body));
        assert!(!accepts(
            "POST",
            &format!("{path}x"),
            &wire_query,
            &headers,
            &body
        ));
        assert!(!accepts(
            "POST",
            &path,
            &format!("{wire_query}&x=1"),
            &headers,
            &body
        ));
        assert!(!accepts(
            "POST",
            &path,
            &wire_query,
            &headers,
            &format!("{body}x")
        ));
        let at = random.below(headers.len());
        let changed = format!("{}x", headers[at].1.trim());
        headers[at].1 = &changed;
        assert!(!accepts("POST", &path, &wire_query, &headers, &body));
    }
}

#[test]
fn no_input_panics() {
    let date = SigningDate::from_unix_seconds(1_740_816_000).unwrap();
    let key = SigningKey::new("AK", &SecretKey::from("SK")).unwrap();
    let mut random = Random(5);
    for _ in 0..ROUNDS {
        let texts: [String; 6] = std::array::from_fn(|_| random.wild(6));
        let [method, host, path, region, service, body] = &texts;
        let (query, mut headers) = (random.wild_pairs(), random.wild_pairs());
        let mut options = SigningOptions::default();
        if random.below(2) == 0 {
            options = options.derived(region, service);
        }
        let request = SigningRequest {
            method,
            host,
            path,
            query: &borrow(&query),
            headers: &borrow(&headers),
            payload: Payload::Bytes(body.as_bytes()),
        };
        let _ = sign(&request, &options, &key, date);
        let _ = SigningKey::new(method.as_str(), &SecretKey::from(body.as_str()));
        let _ = SigningDate::parse(body);
        let _ = parse_authorization(body);

        headers.push(("authorization".to_owned(), random.wild(8)));
        headers.push(("x-sdk-date".to_owned(), date.to_string()));
        let received = ReceivedRequest {
            method,
            path,
            query: body,
            headers: &borrow(&headers),
            body: body.as_bytes(),
        };
        let options = VerifyOptions::at(date.unix_seconds()).derived(region, service);
        assert!(verify(&received, &options, &|_| Some(SecretKey::from("SK"))).is_err());
    }
}
