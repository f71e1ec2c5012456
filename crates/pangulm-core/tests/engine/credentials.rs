//! Which credential goes where, by the table of the platform's facts (auth.md 1b).

use crate::support::{
    API_KEY, Expect, Script, TOKEN, World, header, with_api_key, with_callback, with_key_pair,
    with_password, with_temporary_pair, with_token,
};
use pangulm_core::call::Request;
use pangulm_core::{CallOptions, Options, Step};

/// How a request proves who is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    None,
    AppCode,
    Bearer,
    Token,
    Signature,
    /// Refused before anything is sent.
    Refused,
}
use Proof::{AppCode, Bearer, Refused, Signature, Token};

const KINDS: [fn(&mut Options); 4] = [|_| {}, with_api_key, with_token, with_key_pair];

/// What each operation does with no credential, an API key, a token, a key pair.
const TABLE: [(&str, [Proof; 4]); 9] = [
    (
        "createChatCompletionV1",
        [Refused, AppCode, Token, Signature],
    ),
    (
        "createChatCompletionV1Stream",
        [Refused, AppCode, Token, Signature],
    ),
    (
        "createChatCompletionV2",
        [Refused, Bearer, Refused, Refused],
    ),
    (
        "createChatCompletionV2Stream",
        [Refused, Bearer, Refused, Refused],
    ),
    ("countTokens", [Refused, AppCode, Token, Signature]),
    ("createToken", [Proof::None; 4]),
    ("validateToken", [Refused, Refused, Token, Signature]),
    (
        "createTemporaryAccessKey",
        [Refused, Refused, Token, Signature],
    ),
    ("listProjects", [Refused, Refused, Token, Signature]),
];

fn proof_of(request: &Request) -> Proof {
    let app_code = header(request, "x-apig-appcode");
    let token = header(request, "x-auth-token");
    let authorization = header(request, "authorization");
    match (app_code, token, authorization) {
        (None, None, None) => Proof::None,
        (Some(API_KEY), None, None) => AppCode,
        (None, Some(TOKEN), None) => Token,
        (None, None, Some(bearer)) if bearer == format!("Bearer {API_KEY}") => Bearer,
        (None, None, Some(signed)) if signed.starts_with("SDK-HMAC-SHA256 Access=AKEXAMPLE, ") => {
            Signature
        }
        other => panic!("more than one proof, or a wrong one: {other:?}"),
    }
}

fn proof(operation: &str, credentials: impl FnOnce(&mut Options)) -> Proof {
    let world = World::new(credentials);
    match world.try_call(operation, CallOptions::default()) {
        Ok(mut script) => proof_of(&script.start().sent()),
        Err(error) => {
            assert!(error.is_auth() && error.attempts() == 0, "{error}");
            assert_eq!(error.operation(), Some(operation));
            Refused
        }
    }
}

#[test]
fn every_operation_takes_the_credentials_that_the_platform_documents() {
    for (operation, expected) in TABLE {
        for (kind, expected) in KINDS.into_iter().zip(expected) {
            assert_eq!(proof(operation, kind), expected, "{operation}");
        }
    }
}

#[test]
fn of_several_credentials_the_first_that_fits_is_used_alone() {
    for (operation, single) in TABLE {
        for subset in 0_usize..8 {
            let held: Vec<usize> = (1..=3)
                .filter(|kind| subset & (1 << (kind - 1)) > 0)
                .collect();
            let expected = held
                .iter()
                .map(|kind| single[*kind])
                .find(|proof| *proof != Refused)
                .unwrap_or(single[0]);
            let all = |options: &mut Options| held.iter().for_each(|kind| KINDS[*kind](options));
            assert_eq!(proof(operation, all), expected, "{operation} with {held:?}");
        }
    }
}

#[test]
fn a_refusal_says_what_is_held_and_what_would_do() {
    let refusal = |operation: &str, credentials: fn(&mut Options)| {
        let world = World::new(credentials);
        let refused = world
            .try_call(operation, CallOptions::default())
            .err()
            .unwrap();
        refused.to_string()
    };
    let v2_by_token = refusal("createChatCompletionV2", with_token);
    assert!(
        v2_by_token.contains("has an IAM token source"),
        "{v2_by_token}"
    );
    assert!(v2_by_token.contains("PANGU_API_KEY"), "{v2_by_token}");
    assert!(!v2_by_token.contains("PANGU_TOKEN"), "{v2_by_token}");
    let v2_by_signature = refusal("createChatCompletionV2Stream", with_temporary_pair);
    assert!(
        v2_by_signature.contains("has an access key pair"),
        "{v2_by_signature}"
    );
    let none = refusal("countTokens", |_| {});
    for remedy in [
        "no credential",
        "PANGU_API_KEY",
        "PANGU_TOKEN",
        "HUAWEICLOUD_SDK_AK",
    ] {
        assert!(none.contains(remedy), "{remedy}: {none}");
    }
}

#[test]
fn v2_never_asks_for_a_token_it_could_not_use() {
    for source in [with_password, with_callback] {
        let world = World::new(|options| {
            source(options);
            with_key_pair(options);
        });
        assert!(
            world
                .try_call("createChatCompletionV2", CallOptions::default())
                .is_err()
        );
    }
}

#[test]
fn a_callers_headers_are_sent_and_cannot_replace_a_credential() {
    let world = World::new(with_api_key);
    let with = |name, value| {
        let options = CallOptions {
            headers: vec![(name, value)],
            ..CallOptions::default()
        };
        world
            .try_call("countTokens", options)
            .map(|mut script: Script<'_>| script.start())
    };
    let Ok(Step::Send(request)) = with("X-Trace", " abc ") else {
        panic!("a plain header is fine");
    };
    assert_eq!(header(&request, "x-trace"), Some("abc"));
    for name in [
        "X-Apig-AppCode",
        "authorization",
        "X-Auth-Token",
        "Host",
        "X-Sdk-Date",
        "X-Project-Id",
        "a b",
        "",
    ] {
        assert!(with(name, "v").is_err(), "{name}");
    }
    assert!(with("X-Trace", "a\r\nX-Auth-Token: b").is_err());
}
