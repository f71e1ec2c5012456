//! Policies for uploads by form.

#![cfg(feature = "obs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use pangulm_signer::{
    Part, SecretKey, SigningDate, SigningKey,
    obs::{self, KeyRule, Policy},
};

fn key() -> SigningKey {
    SigningKey::new("AK", &SecretKey::from("SK")).unwrap()
}

fn now() -> SigningDate {
    SigningDate::from_unix_seconds(1_740_816_000).unwrap()
}

#[test]
fn a_policy_keeps_its_meaning_whatever_its_values_hold() {
    let policy = Policy {
        bucket: "bucket",
        key: KeyRule::StartsWith("a\"b\\"),
        fields: &[("X-Obs-Meta-A", "\"},{\"b\":\"\u{1}\n盘")],
    };
    let signed = obs::sign_policy(&policy, &key(), now(), 60).unwrap();
    let json: serde_json::Value = serde_json::from_str(signed.policy_text()).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "expiration": "2025-03-01T08:01:00Z",
            "conditions": [
                {"x-obs-meta-a": "\"},{\"b\":\"\u{1}\n盘"},
                {"bucket": "bucket"},
                ["starts-with", "$key", "a\"b\\"],
            ],
        })
    );
}

#[test]
fn policies_that_cannot_be_are_refused_by_part() {
    let part = |policy: &Policy<'_>| {
        let error = obs::sign_policy(policy, &key(), now(), 60).unwrap_err();
        error.part().clone()
    };
    let good = Policy {
        bucket: "bucket",
        key: KeyRule::Exactly("k"),
        fields: &[],
    };
    let field = |name: &str| Part::Field(name.to_owned());
    assert_eq!(
        part(&Policy {
            bucket: "a b",
            ..good
        }),
        Part::Bucket
    );
    assert_eq!(
        part(&Policy {
            key: KeyRule::Exactly(""),
            ..good
        }),
        Part::ObjectKey
    );
    assert_eq!(
        part(&Policy {
            fields: &[("Key", "k")],
            ..good
        }),
        field("Key")
    );
    assert_eq!(
        part(&Policy {
            fields: &[("a b", "k")],
            ..good
        }),
        field("a b")
    );
    assert_eq!(
        part(&Policy {
            fields: &[("a", "1"), ("A", "2")],
            ..good
        }),
        field("A")
    );
}
