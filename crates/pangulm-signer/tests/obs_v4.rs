//! AWS V4 signatures for the object storage.

#![cfg(feature = "obs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use pangulm_signer::{
    Part, SecretKey, SigningDate, SigningKey, hmac_sha256,
    obs::{Address, Request, v4},
};

const GET: Request<'_> = Request {
    method: "GET",
    endpoint: "obs.example.com",
    address: Address::VirtualHost("bucket"),
    key: Some("a/key"),
    query: &[],
    headers: &[],
};
const REGION: &str = "cn-southwest-2";

fn key() -> SigningKey {
    SigningKey::new("AK", &SecretKey::from("SK")).unwrap()
}

fn now() -> SigningDate {
    SigningDate::from_unix_seconds(1_740_816_000).unwrap()
}

#[test]
fn v4_signs_no_other_payload_than_an_unsigned_one() {
    let sign = |name, value| {
        let headers = [(name, value)];
        v4::sign(
            &Request {
                headers: &headers,
                ..GET
            },
            REGION,
            &key(),
            now(),
        )
        .map(|signed| signed.headers().map(|(name, _)| name).collect::<Vec<_>>())
    };
    assert_eq!(
        sign("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD").unwrap(),
        ["x-amz-date", "authorization"]
    );
    assert_eq!(
        sign("x-amz-date", "20250301T080000Z").unwrap(),
        ["x-amz-content-sha256", "authorization"]
    );
    let part = |name, value| sign(name, value).unwrap_err().part().clone();
    let sha = Part::Header("x-amz-content-sha256".to_owned());
    assert_eq!(part("x-amz-content-sha256", "e3b0c442"), sha);
    assert_eq!(
        part("x-amz-date", "Sat, 01 Mar 2025 08:00:00 GMT"),
        Part::Date
    );
    assert_eq!(
        part("x-obs-acl", "private"),
        Part::Header("x-obs-acl".to_owned())
    );
    let error = v4::sign(&GET, "a/b", &key(), now()).unwrap_err();
    assert_eq!(error.part(), &Part::Region);
}

#[test]
fn v4_two_phases_sign_like_one() {
    let prepared = v4::prepare(&GET, REGION, "AK", now()).unwrap();
    assert_eq!(prepared.scope(), "20250301/cn-southwest-2/s3/aws4_request");
    let key_of_scope = v4::signing_key(&SecretKey::from("SK"), prepared.scope());
    let mac = hmac_sha256(&*key_of_scope, prepared.string_to_sign().as_bytes());
    let in_one = v4::sign(&GET, REGION, &key(), now()).unwrap();
    assert_eq!(prepared.finish(mac).authorization(), in_one.authorization());
}
