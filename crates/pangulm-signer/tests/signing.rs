//! What the signer adds, what it refuses, and what it never shows.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use pangulm_signer::{
    BodyHashing, Part, Payload, SecretKey, SignError, Signed, SignedHeaders, SigningDate,
    SigningKey, SigningOptions, SigningRequest, hex, hmac_sha256, prepare, sha256, sign,
};

const GET: SigningRequest<'_> = SigningRequest {
    method: "GET",
    host: "iam.example.com",
    path: "/v3/projects",
    query: &[],
    headers: &[],
    payload: Payload::Bytes(&[]),
};

fn key() -> SigningKey {
    SigningKey::new("AK", &SecretKey::from("the-secret")).unwrap()
}

fn date() -> SigningDate {
    "20250301T080000Z".parse().unwrap()
}

fn try_sign(request: &SigningRequest<'_>) -> Result<Signed, SignError> {
    sign(request, &SigningOptions::default(), &key(), date())
}

fn refused_part(request: &SigningRequest<'_>) -> Part {
    try_sign(request).unwrap_err().part().clone()
}

fn names(signed: &Signed) -> Vec<&'static str> {
    signed.headers().map(|(name, _)| name).collect()
}

#[test]
fn only_the_headers_that_are_missing_are_added() {
    assert_eq!(
        names(&try_sign(&GET).unwrap()),
        ["x-sdk-date", "authorization"]
    );
    let dated = SigningRequest {
        headers: &[("X-SDK-Date", "20250301T080000Z")],
        ..GET
    };
    assert_eq!(names(&try_sign(&dated).unwrap()), ["authorization"]);
    let unsigned = SigningRequest {
        payload: Payload::Unsigned,
        ..GET
    };
    let signed = try_sign(&unsigned).unwrap();
    assert_eq!(
        names(&signed),
        ["x-sdk-date", "x-sdk-content-sha256", "authorization"]
    );
    assert_eq!(
        signed.headers().nth(1),
        Some(("x-sdk-content-sha256", "UNSIGNED-PAYLOAD"))
    );
}

#[test]
fn a_date_given_and_a_date_in_the_request_sign_alike() {
    let dated = SigningRequest {
        headers: &[("X-Sdk-Date", "20250301T080000Z")],
        ..GET
    };
    let other = SigningDate::from_unix_seconds(0).unwrap();
    let with_own_date = sign(&dated, &SigningOptions::default(), &key(), other).unwrap();
    assert_eq!(
        with_own_date.authorization(),
        try_sign(&GET).unwrap().authorization()
    );
}

#[test]
fn the_client_choice_signs_nothing_a_proxy_may_change() {
    let headers = [
        ("Accept", "*/*"),
        ("Content-Type", "application/json"),
        ("User-Agent", "x"),
        ("X-Domain-Id", "d"),
        ("X-Project-Id", "p"),
        ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"),
        ("X-Sdk-Under_Score", "x"),
        ("X-Security-Token", "t"),
        ("X-Apig-Whatever", "x"),
    ];
    let request = SigningRequest {
        headers: &headers,
        ..GET
    };
    let prepared = prepare(&request, &SigningOptions::default(), "AK", date()).unwrap();
    assert_eq!(
        prepared.signed_headers(),
        "host;x-domain-id;x-project-id;x-sdk-content-sha256;x-sdk-date;x-security-token"
    );
}

#[test]
fn a_digest_handed_in_signs_like_the_body_it_is_of() {
    let body = SigningRequest {
        payload: Payload::Bytes(b"{}"),
        ..GET
    };
    let digest = SigningRequest {
        payload: Payload::Digest(sha256(b"{}")),
        ..GET
    };
    let signature = |request| try_sign(request).unwrap().signature().to_owned();
    assert_eq!(signature(&body), signature(&digest));
    assert_ne!(signature(&body), signature(&GET));
}

#[test]
fn every_body_is_hashed_unless_asked_otherwise() {
    let hash = |content_type, hashing| {
        let headers = [("Content-Type", content_type)];
        let request = SigningRequest {
            headers: &headers,
            ..GET
        };
        let options = SigningOptions::default().body_hashing(hashing);
        prepare(&request, &options, "AK", date())
            .unwrap()
            .payload_hash()
            .to_owned()
    };
    for (content_type, json_only_hashes) in [
        ("application/json", true),
        ("application/json; charset=utf-8", true),
        ("Application/JSON; charset=utf-8", false),
        ("", true),
        ("application/bson", true),
        ("text/plain", false),
        ("multipart/form-data", false),
    ] {
        assert_ne!(hash(content_type, BodyHashing::Always), "UNSIGNED-PAYLOAD");
        let hashed = hash(content_type, BodyHashing::JsonOnly) != "UNSIGNED-PAYLOAD";
        assert_eq!(hashed, json_only_hashes, "{content_type}");
    }
}

#[test]
fn both_ways_of_signing_agree_for_keys_of_any_length() {
    for length in [1, 63, 64, 65, 200] {
        let secret = "s".repeat(length);
        let key = SigningKey::new("AK", &SecretKey::from(&*secret)).unwrap();
        let prepared = prepare(&GET, &SigningOptions::default(), "AK", date()).unwrap();
        let mac = hmac_sha256(secret.as_bytes(), prepared.string_to_sign().as_bytes());
        let in_one = sign(&GET, &SigningOptions::default(), &key, date()).unwrap();
        assert_eq!(prepared.finish(mac).authorization(), in_one.authorization());
    }
}

#[test]
fn keys_around_the_block_size_give_the_macs_of_another_implementation() {
    // From the hmac module of Python.
    for (length, expected) in [
        (
            1,
            "9831a5afefa770d5fe6c985f6c343796ca3d27651d69e24864f1f9948debfacf",
        ),
        (
            63,
            "e27efa30bcbfbc25b4d936ffd8553392f398eb2edada1dac2423a961af0c305b",
        ),
        (
            64,
            "890f3a16e0ca0aaa3bf180f70fa8e3970b3fd6505e98fde157988dcc19d1685c",
        ),
        (
            65,
            "0c256505306af48015530c139bb7add5ad7a6a9291cd511278a067e765816fbd",
        ),
        (
            200,
            "3badf82b9f5273bc369d6a02e72487c74a31bff445000fec40fe0cee65c08bf2",
        ),
    ] {
        let key = "k".repeat(length);
        assert_eq!(
            hex(&hmac_sha256(key.as_bytes(), b"message")),
            expected,
            "{length}"
        );
    }
}

#[test]
fn bad_input_is_refused_by_part() {
    for method in ["", "G ET", "GET\r\nX: y", "GET\0"] {
        assert_eq!(
            refused_part(&SigningRequest { method, ..GET }),
            Part::Method,
            "{method:?}"
        );
    }
    for host in ["", "https://a", "a b", "a\r\nX: y", "user@a"] {
        assert_eq!(
            refused_part(&SigningRequest { host, ..GET }),
            Part::Host,
            "{host:?}"
        );
    }
    for path in ["v1", "/a?b=c", "/a#b", "/a\n", "https://a/b"] {
        assert_eq!(
            refused_part(&SigningRequest { path, ..GET }),
            Part::Path,
            "{path:?}"
        );
    }
    for name in ["", "a b", "a:b", "a\n", "名"] {
        let headers = [("ok", ""), (name, "x")];
        let part = refused_part(&SigningRequest {
            headers: &headers,
            ..GET
        });
        assert_eq!(part, Part::HeaderName(1), "{name:?}");
    }
    for value in ["a\r", "a\nb", "\0", "a\x7f"] {
        let headers = [("X-Any", value)];
        let part = refused_part(&SigningRequest {
            headers: &headers,
            ..GET
        });
        assert_eq!(part, Part::Header("x-any".to_owned()), "{value:?}");
    }
    for value in [
        "",
        "now",
        "20250301T080000",
        "20250301 080000Z",
        "20250230T000000Z",
    ] {
        let headers = [("x-sdk-date", value)];
        assert_eq!(
            refused_part(&SigningRequest {
                headers: &headers,
                ..GET
            }),
            Part::Date
        );
    }
    let signed_before = [("authorization", "x")];
    let part = refused_part(&SigningRequest {
        headers: &signed_before,
        ..GET
    });
    assert_eq!(part, Part::Header("authorization".to_owned()));
    let empty_host_header = [("Host", "")];
    assert_eq!(
        refused_part(&SigningRequest {
            headers: &empty_host_header,
            ..GET
        }),
        Part::Host
    );
}

#[test]
fn a_signed_header_given_twice_is_refused_and_an_unsigned_one_is_not() {
    let twice = [("X-Project-Id", "a"), ("x-project-id", "b")];
    let part = refused_part(&SigningRequest {
        headers: &twice,
        ..GET
    });
    assert_eq!(part, Part::Header("x-project-id".to_owned()));
    let unsigned = [("Accept", "a"), ("accept", "b")];
    let request = SigningRequest {
        headers: &unsigned,
        ..GET
    };
    assert!(try_sign(&request).is_ok());
    let all = SigningOptions::default().signed_headers(SignedHeaders::All);
    assert!(sign(&request, &all, &key(), date()).is_err());
}

#[test]
fn empty_or_broken_keys_are_refused() {
    let part = |ak: &str, sk: &str| SigningKey::new(ak, &sk.into()).unwrap_err().part().clone();
    assert_eq!(part("AK", ""), Part::SecretKey);
    for access_key in ["", "a b", "a,b", "a\n", "é"] {
        assert_eq!(part(access_key, "SK"), Part::AccessKey, "{access_key:?}");
        assert!(prepare(&GET, &SigningOptions::default(), access_key, date()).is_err());
    }
}

#[test]
fn dates_are_written_and_read_to_the_second() {
    for (seconds, text) in [
        (0, "19700101T000000Z"),
        (951_782_399, "20000228T235959Z"),
        (951_782_400, "20000229T000000Z"),
        (1_573_789_015, "20191115T033655Z"),
        (4_107_542_400, "21000301T000000Z"),
        (253_402_300_799, "99991231T235959Z"),
    ] {
        assert_eq!(
            SigningDate::from_unix_seconds(seconds).unwrap().as_str(),
            text
        );
        assert_eq!(SigningDate::parse(text).unwrap().unix_seconds(), seconds);
    }
    assert!(SigningDate::from_unix_seconds(253_402_300_800).is_err());
    for text in [
        "19691231T235959Z",
        "00000101T000000Z",
        "21000229T000000Z",
        "20250001T000000Z",
        "20251301T000000Z",
        "20250100T000000Z",
        "20250132T000000Z",
        "20250101T240000Z",
        "20250101T006000Z",
        "20250101T000060Z",
        "20250101t000000Z",
        "2025-01-01T00:00",
        "20250101T00000éZ",
        "99999999T999999Z",
    ] {
        assert_eq!(
            SigningDate::parse(text).unwrap_err().part(),
            &Part::Date,
            "{text}"
        );
    }
}

#[test]
fn a_day_later_is_the_next_date_for_400_years() {
    let mut before = SigningDate::from_unix_seconds(0).unwrap();
    for day in 1..=146_097 {
        let date = SigningDate::from_unix_seconds(day * 86_400).unwrap();
        assert!(before.as_str() < date.as_str());
        assert_eq!(SigningDate::parse(date.as_str()), Ok(date));
        before = date;
    }
    assert_eq!(before.as_str(), "23700101T000000Z");
}

#[test]
fn nothing_prints_a_secret() {
    let headers = [
        ("X-Security-Token", "the-token"),
        ("X-Auth-Token", "the-token"),
    ];
    let request = SigningRequest {
        query: &[("key", "the-token")],
        headers: &headers,
        payload: Payload::Bytes(b"the-body"),
        ..GET
    };
    let signed = try_sign(&request).unwrap();
    let prepared = prepare(&request, &SigningOptions::default(), "AK", date()).unwrap();
    let bad_value = [("X-Security-Token", "the-token\n")];
    let error = try_sign(&SigningRequest {
        headers: &bad_value,
        ..GET
    })
    .unwrap_err();
    let printed = format!(
        "{request:?} {signed:?} {prepared:?} {error:?} {error} {:?} {1:?} {1}",
        key(),
        SecretKey::from("the-secret"),
    );
    for secret in ["the-secret", "the-token", "the-body", signed.signature()] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    assert!(printed.contains("x-security-token"), "{printed}");
}
