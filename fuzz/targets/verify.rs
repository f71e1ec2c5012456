//! Any received request is judged, and no refusal tells the secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_fuzz::Message;
use pangulm_signer::{ReceivedRequest, SecretKey, VerifyOptions, verify};

const SECRET: &str = "a secret nobody may see";

fuzz_target!(|input: &[u8]| {
    let Some(message) = Message::read(input) else {
        return;
    };
    let received = ReceivedRequest {
        method: message.method,
        path: message.path,
        query: message.query,
        headers: &message.headers,
        body: message.body,
    };
    // The date of the seeds, and all the time there is, so that the signature itself is reached.
    let mut options = VerifyOptions::at(1_573_789_015);
    options.max_skew_seconds = u64::MAX;
    // Those of the seeds that have a derived key.
    options = options.derived("region-id-1", "service");
    let outcome = verify(&received, &options, &|_| Some(SecretKey::from(SECRET)));
    let Err(refusal) = outcome else {
        panic!("nobody knows the secret")
    };
    assert!(!format!("{refusal} {refusal:?}").contains(SECRET));
});
