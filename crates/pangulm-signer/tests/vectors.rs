//! The vectors of the official signer, signed and then verified.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/vectors/body.rs"]
mod body;
#[path = "../examples/vectors/cases.rs"]
mod cases;

use cases::{Case, Outcome, borrow};
use pangulm_signer::{ReceivedRequest, SecretKey, VerifyOptions, verify};

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/vectors/sdk_hmac_sha256.json"
);

#[test]
fn every_signer_vector_agrees_at_every_stage() {
    let cases = signer_cases();
    assert_eq!(cases.len(), 86);
    for case in cases {
        match case.check() {
            Outcome::Passed => {}
            Outcome::Skipped => panic!("{} was skipped", case.id),
            Outcome::Failed(mismatches) => {
                for mismatch in &mismatches {
                    let cases::Mismatch {
                        stage,
                        expected,
                        got,
                    } = mismatch;
                    eprintln!("{} {stage}: expected {expected:?}, got {got:?}", case.id);
                }
                panic!("{} failed", case.id);
            }
        }
    }
}

#[test]
fn the_verifier_accepts_every_signer_vector() {
    for case in signer_cases() {
        let plain = case.plain().unwrap();
        let (prepared, signed, _) = plain.sign(&case.credential).unwrap();

        let mut headers = borrow(&plain.headers);
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            headers.push(("host", &plain.host));
        }
        for (name, value) in signed.headers() {
            headers.push((name, value));
        }
        let request = ReceivedRequest {
            method: &plain.method,
            path: &plain.path,
            query: prepared.wire_query(),
            headers: &headers,
            body: &plain.body,
        };
        let mut now = VerifyOptions::at(prepared.date().unix_seconds());
        now.derived_for = case.credential.derived_for();
        let known =
            |id: &str| (id == case.credential.ak).then(|| SecretKey::from(&*case.credential.sk));
        let verified = verify(&request, &now, &known);
        assert_eq!(
            verified.map(|v| v.access_key),
            Ok(case.credential.ak.clone()),
            "{}",
            case.id
        );
    }
}

fn signer_cases() -> Vec<Case> {
    let text = std::fs::read_to_string(FILE).unwrap();
    cases::parse(&text).unwrap()
}
