//! What the engine makes of an answer: success, or which of the errors.

use crate::support::{
    Expect, GENERATION, READ, SECURITY_TOKEN, STREAM, Script, World, with_api_key,
    with_temporary_pair,
};
use pangulm_core::call::{BodyWanted, FailureKind};
use pangulm_core::chat_stream::{End, Progress};
use pangulm_core::{Error, ErrorKind, Step};

const PAGE: &str = "<html>\n  <title>Log in to the company's proxy</title></html>";

fn sent<'w>(world: &'w World, operation: &str) -> Script<'w> {
    let mut script = world.call(operation);
    script.start().sent();
    script
}

#[test]
fn the_body_of_a_success_stays_with_the_driver_up_to_the_limit() {
    let world = World::new(|options| {
        with_api_key(options);
        options.max_answer_bytes = Some(1_000);
    });
    for media_type in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "",
    ] {
        let mut script = sent(&world, GENERATION);
        let step = script.head(200, &[("content-type", media_type), ("x-request-id", "r1")]);
        let Step::ReadBody(BodyWanted::Keep { limit: 1_000 }) = step else {
            panic!("{media_type}: {step:?}");
        };
        let answer = script.step(pangulm_core::Input::BodyKept).done();
        assert_eq!((answer.status, answer.attempts), (200, 1));
        assert_eq!(answer.headers.request_id().as_deref(), Some("r1"));
    }
}

#[test]
fn an_errors_body_is_read_no_further_than_an_error_needs() {
    let world = World::new(with_api_key);
    let step = sent(&world, GENERATION).head(400, &[]);
    let Step::ReadBody(BodyWanted::Bytes { limit }) = step else {
        panic!("{step:?}");
    };
    assert!(limit <= 64 * 1024);
}

#[test]
fn a_page_instead_of_json_or_a_stream_is_an_unexpected_answer_with_an_excerpt() {
    let world = World::new(with_api_key);
    for operation in [GENERATION, STREAM, READ] {
        let error = sent(&world, operation)
            .answer(
                200,
                &[("content-type", "text/html"), ("x-request-id", "r1")],
                PAGE,
            )
            .failed();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
        assert_eq!(
            (error.status(), error.request_id()),
            (Some(200), Some("r1"))
        );
        assert_eq!((error.operation(), error.attempts()), (Some(operation), 1));
        assert!(
            error.message().contains("<html> <title>Log in to"),
            "{error}"
        );
        assert_eq!(error.body(), Some(PAGE.as_bytes()));
    }
}

#[test]
fn an_error_page_of_a_gateway_keeps_its_status() {
    let world = World::new(with_api_key);
    let error = sent(&world, GENERATION)
        .answer(502, &[("content-type", "text/html")], PAGE)
        .failed();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Service, Some(502))
    );
    assert!(
        error.is_transient() && error.message().contains("Log in to"),
        "{error}"
    );
}

#[test]
fn a_json_error_in_place_of_a_stream_is_that_error() {
    let world = World::new(with_api_key);
    for body in [
        r#"{"error_code":"PANGU.3254","error_msg":"gone","request_id":"r1"}"#,
        r#"{"error":{"code":"PANGU.3254","message":"gone"},"request_id":"r1"}"#,
    ] {
        let error = sent(&world, STREAM).json(200, body).failed();
        assert_eq!(error.kind(), ErrorKind::Service);
        assert_eq!(
            (error.code(), error.message()),
            (Some("PANGU.3254"), "gone")
        );
        assert_eq!(
            (error.status(), error.request_id()),
            (Some(200), Some("r1"))
        );
        assert!(error.is_not_found());
    }
    let whole = r#"{"choices":[{"index":0,"message":{"content":"hi"}}]}"#;
    let error = sent(&world, STREAM).json(200, whole).failed();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
}

#[test]
fn a_body_that_breaks_off_is_truncated_and_one_too_large_is_too_large() {
    let world = World::new(with_api_key);
    for (kind, expected) in [
        (FailureKind::Broken, ErrorKind::Truncated),
        (FailureKind::TooLarge, ErrorKind::TooLarge),
        (FailureKind::TimedOut, ErrorKind::Timeout),
    ] {
        let mut script = sent(&world, GENERATION);
        script.head(
            200,
            &[("content-type", "application/json"), ("x-request-id", "r1")],
        );
        let error = script.break_off(kind).failed();
        assert_eq!((error.kind(), error.request_id()), (expected, Some("r1")));
    }
}

#[test]
fn an_undecodable_success_keeps_everything() {
    let world = World::new(with_api_key);
    let mut script = sent(&world, GENERATION);
    let answer = script
        .answer(
            200,
            &[("content-type", "application/json"), ("x-request-id", "r1")],
            "",
        )
        .done();
    let error = answer.undecodable("missing field `choices`", br#"{"a":1}"#);
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(200), Some("r1"))
    );
    assert_eq!((error.operation(), error.attempts()), (Some(GENERATION), 1));
    assert_eq!(error.body(), Some(br#"{"a":1}"#.as_slice()));
    assert!(
        error.message().contains("missing field `choices`"),
        "{error}"
    );
}

#[test]
fn a_gateway_that_repeats_the_credential_does_not_make_the_error_show_it() {
    let world = World::new(with_temporary_pair);
    let canonical = format!("canonicalRequest:POST|/v1/||x-security-token:{SECURITY_TOKEN}||host");
    let body = format!(r#"{{"error_code":"APIG.0301","error_msg":"{canonical}"}}"#);
    let error = sent(&world, GENERATION).json(401, &body).failed();
    assert!(error.message().contains("x-security-token:***|"), "{error}");
    let kept = String::from_utf8_lossy(error.body().unwrap()).into_owned();
    assert!(!kept.contains(SECURITY_TOKEN), "{kept}");
}

#[test]
fn an_error_with_half_of_a_body_keeps_that_half() {
    let world = World::new(with_api_key);
    for (body, code, message) in [
        (
            r#"{"error_code":"PANGU.0031"}"#,
            Some("PANGU.0031"),
            "status 400",
        ),
        (
            r#"{"error_code":"PANGU.0031","error_msg":""}"#,
            Some("PANGU.0031"),
            "status 400",
        ),
        (
            r#"{"error_msg":"something is wrong"}"#,
            None,
            "something is wrong",
        ),
        (
            r#"{"error":{"code":"PANGU.0031"}}"#,
            Some("PANGU.0031"),
            "status 400",
        ),
        (r#"{"error":"plain"}"#, None, "plain"),
    ] {
        let error = sent(&world, GENERATION).json(400, body).failed();
        assert_eq!(error.code(), code, "{body}");
        assert!(error.message().contains(message), "{body}: {error}");
    }
}

#[test]
fn a_stream_that_fails_says_how_many_requests_it_took_and_which() {
    let world = World::new(with_api_key);
    let mut script = sent(&world, STREAM);
    let step = script.break_off(FailureKind::NotConnected);
    script.sleep(step).1.sent();
    let head = [
        ("content-type", "text/event-stream"),
        ("x-request-id", "r1"),
    ];
    let mut stream = script.head(200, &head).stream();
    stream.end(End::Stalled);
    let Progress::Failed(error) = stream.progress() else {
        panic!("a stalled stream");
    };
    assert_eq!((error.attempts(), error.request_id()), (2, Some("r1")));
}

#[test]
fn a_whole_answer_that_the_platform_cut_short_is_an_error_that_keeps_all_of_it() {
    let world = World::new(with_api_key);
    let content = "x".repeat(100_000);
    for (reason, kind) in [
        ("content_filter", Some(ErrorKind::ContentFiltered)),
        (
            "insufficient_system_resource",
            Some(ErrorKind::OutOfResources),
        ),
        ("stop", None),
        ("length", None),
    ] {
        let body = serde_json::json!({"choices": [
            {"index": 0, "finish_reason": "stop", "message": {"content": "a"}},
            {"index": 1, "finish_reason": reason, "message": {"content": content}},
        ]});
        let body = body.to_string();
        for (operation, judged) in [(GENERATION, true), (READ, false)] {
            let mut script = world.call(operation);
            script.start().sent();
            let answer = script.answer(200, &[("x-request-id", "r1")], &body).done();
            let error = answer.cut_short(body.as_bytes());
            assert_eq!(answer.can_be_cut_short(), judged);
            assert_eq!(error.as_ref().map(Error::kind), kind.filter(|_| judged));
            if let Some(error) = error {
                assert_eq!(error.body(), Some(body.as_bytes()));
                assert_eq!((error.request_id(), error.attempts()), (Some("r1"), 1));
            }
        }
    }
}
