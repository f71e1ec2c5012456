//! Requests signed with an access key pair, checked by the verifier of the signer's crate.

use crate::support::{
    ACCESS_KEY, Expect, GENERATION, READ, SECRET_KEY, SECURITY_TOKEN, Script, World, body, header,
    options, with_api_key, with_drivers_key, with_key_pair, with_temporary_pair,
};
use pangulm_core::call::{Arguments, FailureKind, Request};
use pangulm_core::operation::Scheme;
use pangulm_core::{Call, CallOptions, Input, Operation, Options, Settings, Step};
use pangulm_signer::{ReceivedRequest, Refusal, SecretKey, VerifyOptions, hmac_sha256, verify};

/// What a gateway with the right time makes of a request.
fn verified(request: &Request, body: &[u8], now_ms: u64) -> Result<(), Refusal> {
    let rest = request.url.strip_prefix("https://").unwrap();
    let (host, rest) = rest.split_once('/').unwrap();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut headers = vec![("host", host)];
    headers.extend(
        request
            .headers
            .iter()
            .map(|header| (header.name.as_str(), header.value.as_str())),
    );
    let received = ReceivedRequest {
        method: request.method,
        path: &format!("/{path}"),
        query,
        headers: &headers,
        body,
    };
    let keys = |id: &str| (id == ACCESS_KEY).then(|| SecretKey::from(SECRET_KEY));
    verify(&received, &VerifyOptions::at(now_ms / 1_000), &keys).map(|_| ())
}

#[test]
fn every_operation_that_may_be_signed_verifies() {
    let world = World::new(|options| {
        options.endpoint = Some("https://pangu.example.com:8443/gate%20way".to_owned());
        options.project_id = Some("p 1/~+".to_owned());
        with_key_pair(options);
    });
    let signed = Operation::all().filter(|operation| operation.security.contains(&Scheme::AkSk));
    for operation in signed {
        let mut script = world.call(operation.id);
        let request = script.start().sent();
        let body = body(operation).unwrap_or_default();
        let outcome = verified(&request, body, world.now().wall_ms);
        assert_eq!(outcome, Ok(()), "{}", operation.id);
        // The head of a success is proof enough for the next call to go.
        script.head(200, &[]);
    }
}

#[test]
fn a_body_too_long_for_a_signature_is_refused_and_goes_with_another_credential() {
    let body = |length: usize| {
        let text = "a".repeat(length - r#"{"data":[""]}"#.len());
        format!(r#"{{"data":["{text}"]}}"#)
    };
    let call = |world: &World, body: &str| {
        let arguments = Arguments {
            body: Some(body.as_bytes()),
            ..Arguments::default()
        };
        let operation = Operation::find("countTokens").unwrap();
        Call::new(&world.shared, operation, arguments).map(drop)
    };
    const LIMIT: usize = 12 * 1024 * 1024;
    let signing = World::new(with_key_pair);
    assert!(call(&signing, &body(LIMIT)).is_ok());
    let refused = call(&signing, &body(LIMIT + 1)).unwrap_err();
    assert_eq!(refused.field(), Some("body"));
    let expected = "may have at most 12582912 bytes in a signed request; got 12582913";
    assert!(refused.message().contains(expected), "{refused}");
    assert!(call(&World::new(with_api_key), &body(LIMIT + 1)).is_ok());
}

#[test]
fn a_project_that_no_header_can_carry_is_refused() {
    for project in ["盘", "a\r\nb"] {
        let refused = Settings::new(options(|options| {
            options.project_id = Some(project.to_owned());
            with_key_pair(options);
        }))
        .unwrap_err();
        assert_eq!(refused.field(), Some("projectId"), "{refused}");
    }
}

#[test]
fn a_signed_request_verifies_and_covers_its_body_path_and_project() {
    let world = World::new(with_key_pair);
    let request = world.call(GENERATION).start().sent();
    let now = world.now().wall_ms;
    let chat = body(Operation::find(GENERATION).unwrap()).unwrap();
    assert_eq!(verified(&request, chat, now), Ok(()));
    assert_eq!(header(&request, "x-project-id"), Some("p1"));
    assert!(
        verified(&request, b"{}", now).is_err(),
        "the body is signed"
    );
    assert!(
        verified(&request, chat, now + 16 * 60_000).is_err(),
        "the date is signed"
    );
    let mut elsewhere = request;
    elsewhere.url = elsewhere.url.replace("/d1/", "/d2/");
    assert!(
        verified(&elsewhere, chat, now).is_err(),
        "the path is signed"
    );
}

#[test]
fn only_what_no_proxy_changes_is_signed() {
    let world = World::new(with_temporary_pair);
    let request = world.call(GENERATION).start().sent();
    let authorization = header(&request, "authorization").unwrap();
    assert!(
        authorization.contains("SignedHeaders=host;x-project-id;x-sdk-date;x-security-token,"),
        "{authorization}"
    );
    assert_eq!(header(&request, "x-security-token"), Some(SECURITY_TOKEN));
}

#[test]
fn calls_to_iam_carry_no_project() {
    let world = World::new(with_key_pair);
    let request = world.call("listProjects").start().sent();
    assert_eq!(header(&request, "x-project-id"), None);
    assert_eq!(verified(&request, b"", world.now().wall_ms), Ok(()));
}

#[test]
fn every_attempt_is_signed_after_its_wait_with_a_fresh_date() {
    let world = World::new(with_key_pair);
    let mut script = world.call(READ);
    let first = script.start().sent();
    let step = script.answer(503, &[("retry-after", "90")], "");
    let (_, step) = script.sleep(step);
    let second = step.sent();
    let date = |request: &Request| header(request, "x-sdk-date").map(str::to_owned);
    assert_eq!(date(&first).as_deref(), Some("20260131T080000Z"));
    assert_eq!(date(&second).as_deref(), Some("20260131T080130Z"));
    let texts = body(Operation::find(READ).unwrap()).unwrap();
    assert_eq!(verified(&second, texts, world.now().wall_ms), Ok(()));
    assert_ne!(
        header(&first, "authorization"),
        header(&second, "authorization")
    );
}

/// Answers the steps for hashes and MACs until a request is there.
fn computed(script: &mut Script<'_>, body: &[u8], asked: &mut Vec<&'static str>) -> Request {
    let mut step = script.start();
    loop {
        step = match step {
            Step::Hash => {
                asked.push("hash");
                script.step(Input::Digest(pangulm_signer::sha256(body)))
            }
            Step::Mac(text) => {
                asked.push("mac");
                script.step(Input::Mac(hmac_sha256(SECRET_KEY.as_bytes(), &text)))
            }
            other => return other.sent(),
        };
    }
}

#[test]
fn a_key_or_a_digest_of_the_drivers_gives_the_same_signature() {
    let chat = body(Operation::find(GENERATION).unwrap()).unwrap();
    let authorization = |credentials: fn(&mut Options), hashed_from, expected: &[&str]| {
        let world = World::new(credentials);
        let mut script = world.call_with(
            GENERATION,
            CallOptions {
                driver_hashes_from: hashed_from,
                ..CallOptions::default()
            },
        );
        let mut asked = Vec::new();
        let request = computed(&mut script, chat, &mut asked);
        assert_eq!(asked, expected);
        header(&request, "authorization").unwrap().to_owned()
    };
    let held = authorization(with_key_pair, None, &[]);
    let above = Some(chat.len() + 1);
    assert_eq!(authorization(with_key_pair, above, &[]), held);
    assert_eq!(
        authorization(with_key_pair, Some(chat.len()), &["hash"]),
        held
    );
    assert_eq!(authorization(with_drivers_key, None, &["mac"]), held);
    assert_eq!(
        authorization(with_drivers_key, Some(0), &["hash", "mac"]),
        held
    );
}

#[test]
fn a_body_is_hashed_once_and_a_mac_asked_for_at_every_attempt() {
    let world = World::new(with_drivers_key);
    let mut script = world.call_with(
        READ,
        CallOptions {
            driver_hashes_from: Some(0),
            ..CallOptions::default()
        },
    );
    computed(&mut script, b"{}", &mut Vec::new());
    let step = script.break_off(FailureKind::NotConnected);
    let (_, step) = script.sleep(step);
    assert!(matches!(step, Step::Mac(_)), "{step:?}");
}

#[test]
fn a_driver_is_asked_to_hash_only_for_a_signature() {
    let world = World::new(crate::support::with_api_key);
    let options = CallOptions {
        driver_hashes_from: Some(0),
        ..CallOptions::default()
    };
    world.call_with(GENERATION, options).start().sent();
}
