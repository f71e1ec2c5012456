//! What is sent again, when, and what never is.

use crate::support::{
    Expect, GENERATION, READ, Script, World, with_api_key, with_key_pair, with_password, with_token,
};
use pangulm_core::call::FailureKind::{Broken, NotConnected, TimedOut, TooLarge};
use pangulm_core::{CallOptions, Options, Step};
use pangulm_openapi::{Again, ErrorCode, error_codes};

const FOREVER: u32 = 1_000;

fn patient(max_retries: u32) -> CallOptions<'static> {
    CallOptions {
        max_retries: Some(max_retries),
        ..CallOptions::default()
    }
}

fn started<'w>(world: &'w World, operation: &str) -> Script<'w> {
    let mut script = world.call(operation);
    script.start().sent();
    script
}

#[test]
fn waits_double_to_eight_seconds_and_are_jittered_inside_that() {
    let mut longest = [0; 6];
    for seed in 0..200 {
        let world = World::seeded(seed, with_api_key);
        let mut script = world.call_with(READ, patient(6));
        let mut step = script.start();
        for (retry, bound) in [500, 1_000, 2_000, 4_000, 8_000, 8_000]
            .into_iter()
            .enumerate()
        {
            step.sent();
            let (slept, next) = {
                let step = script.json(500, "");
                script.sleep(step)
            };
            assert!(slept <= bound, "wait {retry} of {slept} ms");
            longest[retry] = longest[retry].max(slept);
            step = next;
        }
        step.sent();
    }
    for (longest, bound) in longest
        .into_iter()
        .zip([500, 1_000, 2_000, 4_000, 8_000, 8_000])
    {
        assert!(
            longest > bound / 2,
            "{longest} of {bound}: not the full width"
        );
    }
}

#[test]
fn two_clients_do_not_wait_in_step() {
    let wait = |seed| {
        let world = World::seeded(seed, with_api_key);
        let mut script = world.call(READ);
        script.start().sent();
        let step = script.json(500, "");
        script.sleep(step).0
    };
    let waits: std::collections::BTreeSet<u64> = (0..64).map(|seed| wait(seed * 77)).collect();
    assert!(waits.len() > 32, "{waits:?}");
}

#[test]
fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let now = ("date", "Sat, 31 Jan 2026 08:00:00 GMT");
    for (headers, expected) in [
        (vec![("retry-after", "7")], 7_000),
        (
            vec![("retry-after", "Sat, 31 Jan 2026 08:00:30 GMT"), now],
            30_000,
        ),
        (vec![("retry-after", "0")], 0),
    ] {
        for status in [429, 503] {
            let world = World::new(with_api_key);
            let mut script = started(&world, GENERATION);
            let step = script.answer(status, &headers, "");
            assert_eq!(script.sleep(step).0, expected, "{headers:?}");
        }
    }
}

#[test]
fn no_wait_passes_the_deadline() {
    let world = World::new(|options| {
        with_api_key(options);
        options.timeout_ms = Some(20_000);
    });
    let mut script = world.call(READ);
    assert_eq!(script.start().sent().timeout_ms, 20_000);
    world.pass(5_000);
    let step = script.answer(503, &[("retry-after", "10")], "");
    assert_eq!(script.sleep(step).1.sent().timeout_ms, 5_000);
    let refused = script.answer(503, &[("retry-after", "5")], "").failed();
    assert_eq!((refused.status(), refused.attempts()), (Some(503), 2));
    assert_eq!(refused.retry_after_ms(), Some(5_000));

    let mut late = world.call(READ);
    late.start().sent();
    let step = late.break_off(NotConnected);
    world.pass(20_000);
    assert!(matches!(step, Step::Sleep { .. }));
    let error = late.step(pangulm_core::Input::Slept).failed();
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn a_call_is_sent_again_no_more_often_than_allowed() {
    for max_retries in [0, 1, 2, 5] {
        let world = World::new(with_api_key);
        let mut script = world.call_with(READ, patient(max_retries));
        let mut step = script.start();
        for _ in 0..max_retries {
            step.sent();
            let asleep = script.json(503, "");
            step = script.sleep(asleep).1;
        }
        step.sent();
        let error = script.json(503, "").failed();
        assert_eq!(error.attempts(), max_retries + 1);
    }
    let default = World::new(with_api_key);
    let mut script = default.call(READ);
    script.start().sent();
    for _ in 0..2 {
        let step = script.json(503, "");
        script.sleep(step).1.sent();
    }
    script.json(503, "").failed();
}

#[test]
fn an_outage_spends_the_budget_of_all_calls_and_successes_earn_it_back() {
    let world = World::new(with_api_key);
    let retries = || {
        let mut script = world.call_with(READ, patient(FOREVER));
        script.start().sent();
        let mut retries = 0;
        loop {
            match script.answer(503, &[("retry-after", "0")], "") {
                step @ Step::Sleep { .. } => script.sleep(step).1.sent(),
                _ => return retries,
            };
            retries += 1;
        }
    };
    assert_eq!(retries(), 20);
    assert_eq!(retries(), 0, "nothing is left for the next call");
    for _ in 0..5 {
        let mut script = world.call(READ);
        script.start().sent();
        script.succeed();
    }
    assert_eq!(retries(), 1);
}

#[test]
fn what_is_not_among_the_operations_spends_and_earns_the_same_budget() {
    let world = World::new(with_api_key);
    let retries = || (0..).take_while(|_| world.shared.retry_wait_ms(0).is_some());
    assert_eq!(retries().count(), 20);
    assert_eq!(retries().count(), 0);
    for _ in 0..5 {
        world.shared.request_succeeded();
    }
    assert_eq!(retries().count(), 1);
}

/// What is sent again: (a read, a generation).
fn sent_again(fail: impl Fn(&mut Script<'_>) -> Step) -> (bool, bool) {
    let again = |operation| {
        let world = World::new(with_api_key);
        let mut script = started(&world, operation);
        matches!(fail(&mut script), Step::Sleep { .. })
    };
    (again(READ), again(GENERATION))
}

#[test]
fn a_read_is_repeated_on_any_passing_failure_and_a_generation_only_if_it_did_not_start() {
    for (status, expected) in [
        (400, (false, false)),
        (401, (false, false)),
        (403, (false, false)),
        (404, (false, false)),
        (408, (true, false)),
        (413, (false, false)),
        (429, (true, true)),
        (500, (true, false)),
        (502, (true, false)),
        (503, (true, true)),
        (504, (true, false)),
    ] {
        assert_eq!(
            sent_again(|script| script.json(status, "")),
            expected,
            "{status}"
        );
    }
    for (kind, expected) in [
        (NotConnected, (true, true)),
        (Broken, (true, false)),
        (TimedOut, (true, false)),
        (TooLarge, (false, false)),
    ] {
        assert_eq!(
            sent_again(|script| script.break_off(kind)),
            expected,
            "{kind:?}"
        );
    }
    let throttled = r#"{"error_code":"PANGU.3267","error_msg":"qps exceed the limit."}"#;
    for status in [200, 400, 403, 500] {
        let with_limit = |script: &mut Script<'_>| {
            script.answer(status, &[("content-type", "text/plain")], throttled)
        };
        assert_eq!(
            sent_again(with_limit),
            (true, true),
            "PANGU.3267 with {status}"
        );
    }
}

#[test]
fn an_answer_cut_in_its_body_is_fetched_again_by_a_read_and_never_generated_twice() {
    let cut = |script: &mut Script<'_>| {
        script.head(200, &[("content-type", "application/json")]);
        script.break_off(Broken)
    };
    assert_eq!(sent_again(cut), (true, false));
}

#[test]
fn a_refusal_whose_body_breaks_is_still_that_refusal() {
    for kind in [Broken, TimedOut] {
        let cut = |status| {
            sent_again(move |script| {
                script.head(status, &[]);
                script.break_off(kind)
            })
        };
        assert_eq!(cut(429), (true, true));
        assert_eq!(cut(500), (true, false));
        assert_eq!(cut(400), (false, false));
    }
    let world = World::new(with_api_key);
    let mut script = started(&world, GENERATION);
    script.head(400, &[("x-request-id", "r1")]);
    let error = script.break_off(Broken).failed();
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(400), Some("r1"))
    );
}

#[test]
fn a_refused_credential_is_never_sent_again() {
    let refusals = [
        "",
        "verify aksk signature fail",
        "AK access failed to reach the limit,forbidden.",
    ];
    let kinds: [fn(&mut Options); 3] = [with_key_pair, with_token, with_api_key];
    for credentials in kinds {
        for message in refusals {
            let body = format!(r#"{{"error_code":"APIG.0301","error_msg":"{message}"}}"#);
            let world = World::new(credentials);
            let error = started(&world, READ).json(401, &body).failed();
            assert_eq!((error.attempts(), error.is_auth()), (1, true));
        }
    }
    // Not even when its text is lost.
    let world = World::new(with_key_pair);
    let mut script = started(&world, READ);
    script.head(401, &[]);
    let error = script.break_off(Broken).failed();
    assert_eq!(error.status(), Some(401));
}

#[test]
fn an_error_keeps_what_was_said_about_it() {
    let world = World::new(with_api_key);
    let mut script = started(&world, READ);
    let step = script.break_off(Broken);
    script.sleep(step).1.sent();
    let body =
        r#"{"error_msg":"The requested resource does not exist.","error_code":"PANGU.3254"}"#;
    let error = script.answer(404, &[("x-request-id", "r9")], body).failed();
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.code(), Some("PANGU.3254"));
    assert_eq!(error.request_id(), Some("r9"));
    assert_eq!(error.operation(), Some(READ));
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert!(error.is_not_found() && error.remedy().is_some());
}

#[test]
fn an_answer_after_retries_says_how_many_requests_it_took() {
    let world = World::new(with_api_key);
    let mut script = started(&world, GENERATION);
    let step = script.break_off(NotConnected);
    script.sleep(step).1.sent();
    assert_eq!(script.succeed().attempts, 2);
}

#[test]
fn each_documented_code_is_sent_again_just_as_its_page_says() {
    let of_engine = |code: &ErrorCode| !code.is_of_obs;
    for code in error_codes().unwrap().into_iter().filter(of_engine) {
        let status = code.status.map_or(400, |(status, _)| status);
        let body = format!(r#"{{"error_msg":"no","error_code":"{}"}}"#, code.code);
        let goes_on = |operation| {
            let world = World::new(with_password);
            let mut script = world.call(operation);
            script.start().sent();
            script.iam_day_token("issued-by-iam").sent();
            match script.json(status, &body) {
                Step::Sleep { .. } => Again::Wait,
                Step::Send(request) if request.url.contains("/auth/tokens") => Again::Credential,
                step => {
                    let error = step.failed();
                    let page = error.page().unwrap();
                    assert!(page.ends_with(&format!("docs/errors.md#{}", code.code)));
                    assert!(error.line().ends_with(&format!(". See {page}")), "{error}");
                    assert_eq!(error.remedy(), Some(code.remedy.as_str()));
                    Again::No
                }
            }
        };
        let expected = match code.again {
            Again::Reads => [Again::Wait, Again::No],
            both => [both, both],
        };
        assert_eq!(
            [goes_on(READ), goes_on(GENERATION)],
            expected,
            "{}",
            code.code
        );
    }
}
