//! Ours, signing the same headers as the official signers do.

use std::time::{SystemTime, UNIX_EPOCH};

use pangulm_signer::{
    Payload, SecretKey, Signed, SignedHeaders, SigningDate, SigningKey, SigningOptions,
    SigningRequest, sign as sign_request,
};

pub const HOST: &str = "pangu.cn-southwest-2.myhuaweicloud.com";
pub const PATH: &str = "/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/deployments/5d1a8a3c-7f5e-4f0b-9e7c-3a2b1c0d9e8f/chat/completions";
const PROJECT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

pub fn key() -> SigningKey {
    let secret = SecretKey::from("an-invented-secret-key-of-40-characters!");
    SigningKey::new("QTWAOYTTINDUT2QVKYUC", &secret).expect("a well-formed key")
}

/// Signs at the present time, as in use.
pub fn sign(key: &SigningKey, body: &[u8]) -> Signed {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock after 1970");
    let date = SigningDate::from_unix_seconds(now.as_secs()).expect("a year before 9999");
    sign_at(key, body, date)
}

/// The signature at a time that all signers are asked for.
pub fn signature(body: &[u8]) -> String {
    let date = SigningDate::parse("20250301T080000Z").expect("a well-formed date");
    sign_at(&key(), body, date).signature().to_owned()
}

fn sign_at(key: &SigningKey, body: &[u8], date: SigningDate) -> Signed {
    let request = SigningRequest {
        method: "POST",
        host: HOST,
        path: PATH,
        query: &[],
        headers: &[
            ("content-type", "application/json"),
            ("x-project-id", PROJECT),
        ],
        payload: Payload::Bytes(body),
    };
    let options = SigningOptions::default().signed_headers(SignedHeaders::All);
    sign_request(&request, &options, key, date).expect("a well-formed request")
}
