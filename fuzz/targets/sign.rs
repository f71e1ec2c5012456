//! Any request is signed or refused; what is canonical stays so; what is signed verifies, and no
//! longer after a change.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_fuzz::Message;
use pangulm_signer::{
    BodyHashing, Payload, ReceivedRequest, Refusal, SecretKey, SignedHeaders, SigningDate,
    SigningKey, SigningOptions, SigningRequest, VerifyOptions, canonical_path, canonical_query,
    derived_key, hmac_sha256, prepare, sign, verify,
};

fuzz_target!(|input: &[u8]| {
    let Some(message) = Message::read(input) else {
        return;
    };
    let pairs = message.pairs();
    let request = SigningRequest {
        method: message.method,
        host: "pangu.example.com:8443",
        path: message.path,
        query: &pairs,
        headers: &message.headers,
        payload: Payload::Bytes(message.body),
    };
    let mut options = SigningOptions::default();
    if input.len() % 2 == 0 {
        options = options.signed_headers(SignedHeaders::All);
    }
    if input.len() % 3 == 0 {
        options = options.body_hashing(BodyHashing::JsonOnly);
    }
    let derived = input.len() % 5 == 0;
    if derived {
        options = options.derived("region-id-1", "service");
    }
    let date = SigningDate::from_unix_seconds(1_740_816_000).unwrap();
    let canonical = canonical_path(message.path);
    assert_eq!(canonical_path(&canonical), canonical);

    let Ok(prepared) = prepare(&request, &options, "AK", date) else {
        return;
    };
    let secret = SecretKey::from("SK");
    let key = SigningKey::new("AK", &secret).unwrap();
    let signed = sign(&request, &options, &key, date).unwrap();
    let secret = match prepared.scope() {
        None => secret,
        Some(scope) => derived_key("AK", &secret, scope),
    };
    let mac = hmac_sha256(
        secret.expose().as_bytes(),
        prepared.string_to_sign().as_bytes(),
    );
    let (date, query) = (prepared.date(), prepared.wire_query().to_owned());
    assert_eq!(prepared.finish(mac).authorization(), signed.authorization());
    assert_eq!(query, canonical_query(&pairs));

    let mut headers = message.headers.clone();
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"))
    {
        headers.push(("host", request.host));
    }
    for (name, value) in signed.headers() {
        headers.push((name, value));
    }
    let mut received = ReceivedRequest {
        method: message.method,
        path: message.path,
        query: &query,
        headers: &headers,
        body: message.body,
    };
    let mut now = VerifyOptions::at(date.unix_seconds());
    if derived {
        now = now.derived("region-id-1", "service");
    }
    let secret = |_: &str| Some(SecretKey::from("SK"));
    match verify(&received, &now, &secret) {
        // The request may bring a digest of another body.
        Ok(_) | Err(Refusal::BodyHashMismatch) => {}
        Err(refusal) => panic!("what was signed is refused: {refusal}"),
    }
    let other = format!("{}x", message.path);
    received.path = &other;
    assert!(verify(&received, &now, &secret).is_err());
});
