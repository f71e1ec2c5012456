//! One token for all calls: fetched once, renewed early, replaced when refused.

use crate::support::{
    Expect, GENERATION, PASSWORD, READ, Script, World, header, with_callback, with_password,
    with_token,
};
use pangulm_core::call::{FailureKind, Request, RequestBody};
use pangulm_core::{CallOptions, Input, Step};

const HOUR_MS: u64 = 3_600_000;
const REFUSAL: &str = r#"{"error_code":"APIG.0301","error_msg":"Incorrect IAM authentication information: token expires"}"#;

fn is_fetch(request: &Request) -> bool {
    request.url == "https://iam.example.com/v3/auth/tokens?nocatalog=true"
}

fn token_of(request: &Request) -> &str {
    header(request, "x-auth-token").unwrap()
}

/// The first call of a crowd fetches, the others wait.
fn crowd(world: &World) -> Vec<Script<'_>> {
    let mut crowd: Vec<_> = (0..64).map(|_| world.call(READ)).collect();
    assert!(is_fetch(&crowd[0].start().sent()));
    for script in &mut crowd[1..] {
        script.start().waits();
    }
    crowd
}

fn wake<'s>(world: &World, crowd: &mut [Script<'s>]) -> Vec<Step> {
    let woken = world.woken();
    crowd
        .iter_mut()
        .filter(|script| woken.contains(&script.call.id()))
        .map(Script::woken)
        .collect()
}

/// A client whose token was fetched just now.
fn with_a_token(token: &str) -> World {
    let world = World::new(with_password);
    let mut script = world.call(READ);
    script.start().sent();
    assert_eq!(token_of(&script.iam_day_token(token).sent()), token);
    script.succeed();
    world
}

#[test]
fn one_fetch_serves_all_who_wait() {
    let world = World::new(with_password);
    let mut crowd = crowd(&world);
    assert_eq!(token_of(&crowd[0].iam_day_token("t1").sent()), "t1");
    let steps = wake(&world, &mut crowd);
    assert_eq!(steps.len(), 63);
    for step in steps {
        assert_eq!(token_of(&step.sent()), "t1");
    }
    assert_eq!(token_of(&world.call(GENERATION).start().sent()), "t1");
}

#[test]
fn the_fetch_is_the_documented_login() {
    let world = World::new(with_password);
    let request = world.call(READ).start().sent();
    assert_eq!(request.method, "POST");
    assert_eq!(header(&request, "content-type"), Some("application/json"));
    assert_eq!(header(&request, "x-auth-token"), None);
    let RequestBody::Own(body) = &request.body else {
        panic!("{:?}", request.body);
    };
    let expected = serde_json::json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": "user", "password": PASSWORD, "domain": {"name": "account"}}}},
        "scope": {"project": {"id": "p1"}},
    }});
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(body).unwrap(),
        expected
    );
    assert!(request.timeout_ms <= 30_000);
}

#[test]
fn dropping_the_fetcher_hands_the_fetch_to_one_who_waits() {
    let world = World::new(with_password);
    let mut crowd = crowd(&world);
    crowd.remove(0);
    let steps = wake(&world, &mut crowd);
    let (sending, waiting): (Vec<_>, Vec<_>) = steps
        .into_iter()
        .partition(|step| matches!(step, Step::Send(_)));
    assert_eq!((sending.len(), waiting.len()), (1, 62));
    assert!(waiting.iter().all(|step| matches!(step, Step::Wait { .. })));
    crowd[0].iam_day_token("t1").sent();
    assert_eq!(wake(&world, &mut crowd).len(), 62);
}

#[test]
fn a_fetcher_out_of_its_own_time_hands_the_fetch_over() {
    let world = World::new(with_password);
    let hasty = CallOptions {
        timeout_ms: Some(1_000),
        ..CallOptions::default()
    };
    let (mut first, mut patient) = (world.call_with(READ, hasty), world.call(READ));
    first.start().sent();
    patient.start().waits();
    world.pass(1_000);
    assert!(first.break_off(FailureKind::TimedOut).failed().is_timeout());
    assert_eq!(world.woken(), vec![patient.call.id()]);
    assert!(is_fetch(&patient.woken().sent()));
}

#[test]
fn dropping_one_who_waits_harms_no_other() {
    let world = World::new(with_password);
    let mut crowd = crowd(&world);
    crowd.drain(10..20);
    crowd[0].iam_day_token("t1").sent();
    assert_eq!(wake(&world, &mut crowd).len(), 53);
}

#[test]
fn a_failed_fetch_reaches_all_who_wait_once() {
    let world = World::new(with_password);
    let mut crowd = crowd(&world);
    let refusal = r#"{"error":{"message":"The username or password is wrong.","code":401,"title":"Unauthorized"}}"#;
    let answer = crowd[0].answer(401, &[("x-iam-trace-id", "trace-1")], refusal);
    let first = answer.failed();
    let steps = wake(&world, &mut crowd);
    assert_eq!(steps.len(), 63);
    for error in steps.into_iter().map(Expect::failed).chain([first]) {
        assert_eq!(error.message(), "The username or password is wrong.");
        assert_eq!(error.operation(), Some("createToken"));
        assert_eq!((error.status(), error.code()), (Some(401), Some("401")));
        assert_eq!(error.request_id(), Some("trace-1"));
        assert!(error.is_auth());
    }
    assert_eq!(world.woken(), vec![]);
    assert!(
        is_fetch(&world.call(READ).start().sent()),
        "the next call tries anew"
    );
}

#[test]
fn iams_passing_failures_are_retried_and_its_refusals_are_not() {
    let world = World::new(with_password);
    let mut script = world.call(READ);
    script.start().sent();
    let step = script.json(503, "");
    let (_, step) = script.sleep(step);
    assert!(is_fetch(&step.sent()));
    let step = script.break_off(FailureKind::Broken);
    let (_, step) = script.sleep(step);
    assert!(is_fetch(&step.sent()));
    assert_eq!(token_of(&script.iam_day_token("t1").sent()), "t1");
    assert_eq!(
        script.succeed().attempts,
        1,
        "fetches are no attempts of the call"
    );

    // A refusal stays one when its text is cut: wrong passwords lock a user.
    let world = World::new(with_password);
    let mut script = world.call(READ);
    script.start().sent();
    script.head(401, &[]);
    let error = script.break_off(FailureKind::Broken).failed();
    assert_eq!(error.status(), Some(401));
}

#[test]
fn a_token_is_renewed_early_by_one_call_while_the_others_use_it() {
    let world = with_a_token("t1");
    world.pass(22 * HOUR_MS);
    assert_eq!(token_of(&world.call(READ).start().sent()), "t1");
    world.pass(HOUR_MS);
    let mut renewing = world.call(READ);
    assert!(is_fetch(&renewing.start().sent()));
    assert_eq!(token_of(&world.call(READ).start().sent()), "t1");
    assert_eq!(token_of(&renewing.iam_day_token("t2").sent()), "t2");
    assert_eq!(token_of(&world.call(READ).start().sent()), "t2");
}

#[test]
fn a_failed_early_renewal_keeps_the_valid_token_and_pauses() {
    let world = with_a_token("t1");
    world.pass(23 * HOUR_MS);
    let mut renewing = world.call(READ);
    assert!(is_fetch(&renewing.start().sent()));
    assert_eq!(token_of(&renewing.json(403, "{}").sent()), "t1");
    assert_eq!(
        token_of(&world.call(READ).start().sent()),
        "t1",
        "no storm of renewals"
    );
    world.pass(30_000);
    assert!(is_fetch(&world.call(READ).start().sent()));
}

#[test]
fn no_expired_token_is_sent() {
    let world = with_a_token("t1");
    world.pass(24 * HOUR_MS - 30_001);
    let mut renewing = world.call(READ);
    assert!(is_fetch(&renewing.start().sent()));
    assert_eq!(token_of(&world.call(READ).start().sent()), "t1");
    world.pass(1);
    world.call(READ).start().waits();
    assert!(renewing.json(403, "{}").failed().is_auth());
}

#[test]
fn a_tokens_life_is_counted_without_the_local_clock() {
    let world = World::new(with_password);
    world.set_wall(0);
    let mut script = world.call(READ);
    script.start().sent();
    script
        .iam_token(
            "t1",
            "2031-05-05T00:00:00.000000Z",
            "2031-05-05T01:00:00.000000Z",
        )
        .sent();
    world.set_wall(u64::MAX / 2);
    assert_eq!(token_of(&world.call(READ).start().sent()), "t1");
    world.pass(HOUR_MS);
    assert!(is_fetch(&world.call(READ).start().sent()));
}

#[test]
fn a_rejected_token_is_replaced_once() {
    let world = with_a_token("t1");
    let mut script = world.call(GENERATION);
    assert_eq!(token_of(&script.start().sent()), "t1");
    assert!(is_fetch(&script.json(401, REFUSAL).sent()));
    assert_eq!(token_of(&script.iam_day_token("t2").sent()), "t2");
    let error = script.json(401, REFUSAL).failed();
    assert_eq!((error.attempts(), error.code()), (2, Some("APIG.0301")));
}

#[test]
fn calls_whose_token_was_rejected_together_fetch_one_new_token() {
    let world = with_a_token("t1");
    let (mut first, mut second) = (world.call(READ), world.call(READ));
    first.start().sent();
    second.start().sent();
    assert!(is_fetch(&first.json(401, REFUSAL).sent()));
    second.json(401, REFUSAL).waits();
    first.iam_day_token("t2").sent();
    assert_eq!(token_of(&second.woken().sent()), "t2");
    // Too late, the refusal of the old token harms the new one no more.
    let mut late = world.call(READ);
    late.start().sent();
    late.succeed();
}

#[test]
fn a_missing_permission_fetches_no_token() {
    let world = with_a_token("t1");
    let mut script = world.call(READ);
    script.start().sent();
    let body = r#"{"error_code":"PANGU.3315","error_msg":"not public"}"#;
    assert_eq!(script.json(403, body).failed().status(), Some(403));
}

#[test]
fn a_given_token_is_not_replaced() {
    let world = World::new(with_token);
    let mut script = world.call(READ);
    script.start().sent();
    assert!(script.json(401, REFUSAL).failed().is_auth());
}

#[test]
fn a_token_function_is_asked_once_for_all_and_again_when_its_token_ends_or_is_refused() {
    let world = World::new(with_callback);
    let (mut first, mut second) = (world.call(READ), world.call(READ));
    assert!(matches!(first.start(), Step::Token));
    second.start().waits();
    assert_eq!(token_of(&first.own_token("t1", Some(HOUR_MS)).sent()), "t1");
    assert_eq!(token_of(&second.woken().sent()), "t1");
    assert!(matches!(second.json(401, REFUSAL), Step::Token));
    assert_eq!(
        token_of(&second.own_token("t2", Some(HOUR_MS)).sent()),
        "t2"
    );
    world.pass(HOUR_MS);
    let mut third = world.call(READ);
    assert!(matches!(third.start(), Step::Token));
    assert_eq!(token_of(&third.own_token("t3", None).sent()), "t3");
    world.pass(1_000 * HOUR_MS);
    assert_eq!(
        token_of(&world.call(READ).start().sent()),
        "t3",
        "no end known: until refused"
    );
}

#[test]
fn a_token_functions_failure_is_shown_in_its_own_words() {
    let world = World::new(with_callback);
    let mut script = world.call(READ);
    script.start();
    let error = script
        .step(Input::Token(Err("the vault is sealed".to_owned())))
        .failed();
    assert!(
        error.is_auth() && error.message().contains("the vault is sealed"),
        "{error}"
    );
    assert_eq!((error.field(), error.attempts()), (Some("token"), 0));
}

#[test]
fn a_token_that_no_header_can_carry_is_refused() {
    for token in ["", "a\r\nb", "盘"] {
        let world = World::new(with_callback);
        let mut script = world.call(READ);
        script.start();
        let error = script.own_token(token, None).failed();
        assert_eq!(
            (error.field(), error.attempts()),
            (Some("token"), 0),
            "{error}"
        );
    }
}

#[test]
fn iams_success_without_the_header_says_why() {
    let world = World::new(with_password);
    let mut script = world.call(READ);
    script.start().sent();
    let error = script.json(201, r#"{"token":{}}"#).failed();
    assert_eq!(error.operation(), Some("createToken"));
    assert!(error.message().contains("X-Subject-Token"), "{error}");
}
