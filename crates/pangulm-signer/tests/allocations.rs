//! What a signature costs in memory.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use allocation_counter::measure;
use pangulm_signer::{
    Payload, SecretKey, SigningDate, SigningKey, SigningOptions, SigningRequest, sign,
};

#[test]
fn a_signature_takes_one_allocation() {
    let key = SigningKey::new("an-access-key-id", &SecretKey::from("its secret key")).unwrap();
    let date = SigningDate::from_unix_seconds(1_740_816_000).unwrap();
    let request = SigningRequest {
        method: "POST",
        host: "pangu.example.com",
        path: "/v1/a-project/deployments/a-deployment/chat/completions",
        query: &[],
        headers: &[
            ("Content-Type", "application/json"),
            ("X-Project-Id", "a-project"),
            ("X-Security-Token", "of a temporary key"),
        ],
        payload: Payload::Bytes(br#"{"messages":[]}"#),
    };
    let used = measure(|| {
        sign(&request, &SigningOptions::default(), &key, date).unwrap();
    });
    // That allocation is never made again for being too small, either.
    assert_eq!((used.count_total, used.count_max), (1, 1));
}
