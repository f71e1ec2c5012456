//! The vectors of the official signer, signed and then verified.

#![cfg(feature = "obs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/vectors/body.rs"]
mod body;
#[path = "../examples/vectors/file.rs"]
mod file;
#[path = "../examples/vectors/obs.rs"]
mod obs;
#[path = "../examples/vectors/outcome.rs"]
mod outcome;
#[path = "../examples/vectors/pairs.rs"]
mod pairs;
#[path = "../examples/vectors/signer.rs"]
mod signer;

use file::Case;
use outcome::Outcome;
use pangulm_signer::{ReceivedRequest, SecretKey, VerifyOptions, verify};

const SIGNER: &str = "sdk_hmac_sha256.json";
const OBS: &str = "obs.json";

#[test]
fn every_vector_agrees_at_every_stage() {
    for (file, count) in [(SIGNER, 86), (OBS, 32)] {
        let cases = cases(file);
        assert_eq!(cases.len(), count, "{file}");
        for case in cases {
            match case.check() {
                Outcome::Passed => {}
                Outcome::Skipped(what) => panic!("{} was skipped: {what}", case.id()),
                Outcome::Failed(mismatches) => {
                    for it in &mismatches {
                        eprintln!("{}: expected {:?}, got {:?}", it.stage, it.expected, it.got);
                    }
                    panic!("{} failed", case.id());
                }
            }
        }
    }
}

#[test]
fn the_verifier_accepts_every_signer_vector() {
    for case in cases(SIGNER) {
        let Case::Signer(case) = case else {
            panic!("{} is of the object storage", case.id());
        };
        let plain = case.plain().unwrap();
        let (prepared, signed, _) = plain.sign(&case.credential).unwrap();

        let mut headers = signer::borrow(&plain.headers);
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

fn cases(file: &str) -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/");
    let text = std::fs::read_to_string([folder, file].concat()).unwrap();
    file::parse(&text).unwrap()
}
