//! Signatures with a derived key, `V11-HMAC-SHA256`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use pangulm_signer::{
    Part, Payload, Prepared, ReceivedRequest, Refusal, SecretKey, SignError, Signed, SigningDate,
    SigningKey, SigningOptions, SigningRequest, Verified, VerifyOptions, derived_key, hmac_sha256,
    parse_authorization, prepare, sign, verify,
};

const NOW: u64 = 1_740_816_000;
const HOST: &str = "iotda.example.com";
const REQUEST: SigningRequest<'_> = SigningRequest {
    method: "GET",
    host: HOST,
    path: "/v5/devices",
    query: &[],
    headers: &[],
    payload: Payload::Bytes(b""),
};

fn date() -> SigningDate {
    SigningDate::from_unix_seconds(NOW).unwrap()
}

fn signed(access_key: &str, options: &SigningOptions<'_>) -> Signed {
    let key = SigningKey::new(access_key, &"SK".into()).unwrap();
    sign(&REQUEST, options, &key, date()).unwrap()
}

fn prepared(region: &str, service: &str) -> Result<Prepared, SignError> {
    let options = SigningOptions::default().derived(region, service);
    prepare(&REQUEST, &options, "AK", date())
}

fn verified(authorization: &str, options: &VerifyOptions<'_>) -> Result<Verified, Refusal> {
    let request = ReceivedRequest {
        method: "GET",
        path: "/v5/devices",
        query: "",
        headers: &[
            ("host", HOST),
            ("x-sdk-date", "20250301T080000Z"),
            ("authorization", authorization),
        ],
        body: b"",
    };
    verify(&request, options, &|_| Some(SecretKey::from("SK")))
}

#[test]
fn a_derived_signature_verifies_only_for_its_region_service_and_day() {
    let signed = signed("AK", &SigningOptions::default().derived("r1", "iotda"));
    let here = VerifyOptions::at(NOW).derived("r1", "iotda");
    assert_eq!(
        verified(signed.authorization(), &here).unwrap().access_key,
        "AK"
    );

    let scope = "20250301/r1/iotda";
    for other in [here.derived("r2", "iotda"), here.derived("r1", "iam")] {
        let refusal = verified(signed.authorization(), &other).unwrap_err();
        assert_eq!(refusal, Refusal::WrongScope(scope.to_owned()));
    }
    for wrong in ["20250302/r1/iotda", "20250301/r2/iotda"] {
        let changed = signed.authorization().replace(scope, wrong);
        let refusal = verified(&changed, &here).unwrap_err();
        assert_eq!(refusal, Refusal::WrongScope(wrong.to_owned()));
    }
}

#[test]
fn a_derived_signature_is_refused_where_none_is_accepted() {
    let signed = signed("AK", &SigningOptions::default().derived("r1", "iotda"));
    let refusal = verified(signed.authorization(), &VerifyOptions::at(NOW)).unwrap_err();
    assert_eq!(refusal, Refusal::WrongAlgorithm);
}

#[test]
fn a_server_that_accepts_derived_keys_accepts_plain_ones_too() {
    let signed = signed("AK", &SigningOptions::default());
    let both = VerifyOptions::at(NOW).derived("r1", "iotda");
    assert!(verified(signed.authorization(), &both).is_ok());
}

#[test]
fn the_two_algorithms_do_not_pass_for_each_other() {
    let plain = signed("AK", &SigningOptions::default());
    let forged = plain.authorization().replace(
        "SDK-HMAC-SHA256 Access=AK",
        "V11-HMAC-SHA256 Credential=AK/20250301/r1/iotda",
    );
    let refusal = verified(&forged, &VerifyOptions::at(NOW).derived("r1", "iotda")).unwrap_err();
    assert!(matches!(refusal, Refusal::SignatureMismatch { .. }));
}

#[test]
fn two_phases_with_the_derived_key_sign_like_one() {
    let prepared = prepared("r1", "iotda").unwrap();
    let scope = prepared.scope().unwrap();
    assert_eq!(scope, "20250301/r1/iotda");
    let key = derived_key("AK", &"SK".into(), scope);
    let mac = hmac_sha256(
        key.expose().as_bytes(),
        prepared.string_to_sign().as_bytes(),
    );
    let in_one = signed("AK", &SigningOptions::default().derived("r1", "iotda"));
    assert_eq!(prepared.finish(mac).authorization(), in_one.authorization());
    assert_eq!(format!("{key:?}"), "***");
}

#[test]
fn a_slash_in_an_access_key_id_does_not_shift_the_scope() {
    let signed = signed("A/K", &SigningOptions::default().derived("r1", "iotda"));
    let read = parse_authorization(signed.authorization()).unwrap();
    assert_eq!(
        (read.access_key(), read.scope()),
        ("A/K", Some("20250301/r1/iotda"))
    );
}

#[test]
fn a_region_or_service_that_cannot_stand_in_a_scope_is_refused_by_name() {
    for bad in ["", "a/b", "a,b", "a b", "é", "a\n"] {
        assert_eq!(prepared(bad, "iam").unwrap_err().part(), &Part::Region);
        assert_eq!(prepared("r1", bad).unwrap_err().part(), &Part::Service);
    }
}

#[test]
fn malformed_credentials_are_refused() {
    let rest = format!(
        "SignedHeaders=host;x-sdk-date, Signature={}",
        "0".repeat(64)
    );
    for credential in ["", "AK", "AK/d", "AK/d/r", "/d/r/s", "AK//r/s", "AK/d/r/"] {
        let header = format!("V11-HMAC-SHA256 Credential={credential}, {rest}");
        let refusal = parse_authorization(&header).unwrap_err();
        assert!(
            matches!(refusal, Refusal::MalformedAuthorization(_)),
            "{header}"
        );
    }
}
