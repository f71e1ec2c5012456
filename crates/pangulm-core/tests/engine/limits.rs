//! Calls of one client share its limits, and settle at the service's own.

use crate::support::{
    Expect, GENERATION, READ, STREAM, Script, World, header, with_api_key, with_key_pair,
    with_password,
};
use pangulm_core::{CallOptions, Input, Options, Step};

const THROTTLED: &str = r#"{"error_code":"PANGU.3267","error_msg":"qps exceed the limit."}"#;

fn limited(per_second: Option<u32>, at_once: Option<u32>) -> impl Fn(&mut Options) {
    move |options| {
        with_api_key(options);
        options.requests_per_second = per_second;
        options.max_concurrency = at_once;
    }
}

fn waits(step: Step) -> u64 {
    match step {
        Step::Wait { milliseconds } => milliseconds,
        other => panic!("expected a wait, not {other:?}"),
    }
}

/// A service with a limit, and callers of one client who each call so many times.
struct Crowd<'w> {
    world: &'w World,
    /// The calls under way: what they wait for, and until when.
    calls: Vec<(Script<'w>, Pending, u64)>,
    calls_left: usize,
    limit: u64,
    /// Thousandths of a request that the service would take now, and since when.
    bucket: (u64, u64),
    served: usize,
    refused: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Pending {
    Turn,
    Sleep,
    Answer(u16),
}

const LATENCY_MS: u64 = 40;

impl<'w> Crowd<'w> {
    fn new(world: &'w World, limit: u64) -> Self {
        let bucket = (limit * 1_000, world.now().steady_ms);
        Self {
            world,
            calls: Vec::new(),
            calls_left: 0,
            limit,
            bucket,
            served: 0,
            refused: 0,
        }
    }

    /// Lets so many callers make so many calls in all; returns how long that took.
    fn make(&mut self, callers: usize, calls: usize) -> u64 {
        let begun = self.world.now().steady_ms;
        self.calls_left = calls;
        for _ in 0..callers {
            self.begin();
        }
        while !self.calls.is_empty() {
            self.go_on();
        }
        self.world.now().steady_ms - begun
    }

    fn begin(&mut self) {
        if self.calls_left > 0 {
            self.calls_left -= 1;
            let mut script = self.world.call(GENERATION);
            let step = script.start();
            self.take(script, step);
        }
    }

    /// The next thing that happens: somebody is woken, or the clock moves on to somebody's time.
    fn go_on(&mut self) {
        let woken = self.world.woken();
        let is_woken = |script: &Script<'_>| woken.contains(&script.call.id());
        for (script, pending, due) in &mut self.calls {
            if *pending == Pending::Turn && is_woken(script) {
                *due = 0;
            }
        }
        let next = (0..self.calls.len()).min_by_key(|at| self.calls[*at].2);
        let (mut script, pending, due) = self.calls.remove(next.unwrap());
        self.world
            .pass(due.saturating_sub(self.world.now().steady_ms));
        let step = match pending {
            Pending::Turn => script.woken(),
            Pending::Sleep => script.step(Input::Slept),
            Pending::Answer(200) => script.json(200, "{}"),
            Pending::Answer(status) => script.json(status, THROTTLED),
        };
        self.take(script, step);
    }

    fn take(&mut self, script: Script<'w>, step: Step) {
        let now = self.world.now().steady_ms;
        let (pending, wait) = match step {
            Step::Wait { milliseconds } => (Pending::Turn, milliseconds),
            Step::Sleep { milliseconds, .. } => (Pending::Sleep, milliseconds),
            Step::Send(_) => (Pending::Answer(self.serve(now)), LATENCY_MS),
            Step::Done(_) => {
                drop(script);
                return self.begin();
            }
            other => panic!("{other:?}"),
        };
        self.calls.push((script, pending, now + wait));
    }

    fn serve(&mut self, now: u64) -> u16 {
        let (left, since) = self.bucket;
        let left = (left + (now - since) * self.limit).min(self.limit * 1_000);
        if left < 1_000 {
            self.bucket = (left, now);
            self.refused += 1;
            return 429;
        }
        self.bucket = (left - 1_000, now);
        self.served += 1;
        200
    }
}

#[test]
fn many_callers_settle_at_the_services_limit_without_failing() {
    for per_second in [Some(500), Some(11), None] {
        for (callers, limit) in [(64, 10), (16, 6), (200, 40)] {
            let world = World::new(limited(per_second, Some(1_000)));
            let mut crowd = Crowd::new(&world, limit);
            let calls = usize::try_from(limit).unwrap() * 60;
            let took = crowd.make(callers, calls);
            let case = format!(
                "{per_second:?} {callers} {limit}: {took} ms, {}",
                crowd.refused
            );
            assert_eq!(crowd.served, calls, "{case}");
            let fastest = per_second.map_or(limit, |most| limit.min(most.into()));
            let ideal = u64::try_from(calls).unwrap() * 1_000 / fastest;
            assert!(took < ideal * 14 / 10, "too slow: {case}");
            assert!(crowd.refused < calls / 3, "too pushy: {case}");
        }
    }
}

#[test]
fn requests_go_in_order_and_in_their_spaces() {
    let world = World::new(limited(Some(4), None));
    let mut calls: Vec<_> = (0..3).map(|_| world.call(READ)).collect();
    calls[0].start().sent();
    assert_eq!(waits(calls[1].start()), 250);
    assert!(waits(calls[2].start()) > 250, "it is not first in line");
    world.pass(249);
    assert_eq!(waits(calls[1].woken()), 1);
    world.pass(1);
    calls[1].woken().sent();
    assert_eq!(world.woken(), vec![calls[2].call.id()]);
    assert_eq!(waits(calls[2].woken()), 250);
}

#[test]
fn no_more_is_under_way_than_allowed_and_a_place_is_free_at_once() {
    let world = World::new(limited(None, Some(2)));
    let mut calls: Vec<_> = (0..4).map(|_| world.call(READ)).collect();
    calls[0].start().sent();
    calls[1].start().sent();
    calls[2].start().waits();
    calls[3].start().waits();
    drop(calls.remove(0));
    assert_eq!(world.woken(), vec![calls[1].call.id()]);
    calls[1].woken().sent();
    // A failure, a wait before a retry and a place in line that is given up do the same.
    let sleeping = calls[0].json(503, "");
    assert!(matches!(sleeping, Step::Sleep { .. }));
    assert!(world.woken().contains(&calls[2].call.id()));
    calls[2].woken().sent();
    let mut last = world.call(READ);
    last.start().waits();
    calls[1].json(400, "").failed();
    assert_eq!(world.woken(), vec![last.call.id()]);
    let mut later = world.call(READ);
    later.start().waits();
    drop(last);
    assert_eq!(world.woken(), vec![later.call.id()]);
    later.woken().sent();
}

#[test]
fn a_stream_keeps_its_place_until_it_is_over() {
    for finished in [true, false] {
        let world = World::new(limited(None, Some(1)));
        let mut call = world.call(STREAM);
        call.start().sent();
        let mut stream = call
            .head(200, &[("content-type", "text/event-stream")])
            .stream();
        drop(call);
        let mut next = world.call(READ);
        next.start().waits();
        assert_eq!(world.woken(), vec![]);
        if finished {
            stream.push(b"data:[DONE]\n\n");
            stream.progress();
        } else {
            drop(stream);
        }
        assert_eq!(world.woken(), vec![next.call.id()]);
        next.woken().sent();
    }
}

#[test]
fn every_call_is_signed_after_its_turn_has_come() {
    let world = World::new(|options| {
        with_key_pair(options);
        options.requests_per_second = Some(1);
    });
    let mut first = world.call(READ);
    first.start().sent();
    first.succeed();
    world.pass(10);
    let mut second = world.call(READ);
    assert_eq!(waits(second.start()), 990);
    world.pass(990);
    let request = second.woken().sent();
    assert_eq!(header(&request, "x-sdk-date"), Some("20260131T080001Z"));
}

#[test]
fn who_waits_for_another_call_stands_in_nobodys_way() {
    let world = World::new(|options| {
        with_key_pair(options);
        options.max_concurrency = Some(1);
    });
    let mut proof = world.call(READ);
    proof.start().sent();
    proof.succeed();
    drop(proof);
    let mut refused = world.call(READ);
    refused.start().sent();
    let mut first = world.call(READ);
    first.start().waits();
    refused.json(401, "{}").failed();
    assert_eq!(world.woken(), vec![first.call.id()]);
    // Another one takes the turn to sign before the first in line wakes up.
    let mut signer = world.call(READ);
    signer.start().waits();
    first.woken().waits();
    assert_eq!(world.woken(), vec![signer.call.id()]);
    signer.woken().sent();
    signer.succeed();
    drop(signer);
    assert!(world.woken().contains(&first.call.id()));
    first.woken().sent();
}

#[test]
fn what_iam_is_asked_waits_for_no_turn() {
    let world = World::new(|options| {
        with_password(options);
        options.max_concurrency = Some(1);
        options.requests_per_second = Some(1);
    });
    let mut first = world.call(READ);
    assert!(first.start().sent().url.contains("/auth/tokens"));
    first.iam_day_token("t").sent();
    let mut projects = world.call("listProjects");
    projects.start().sent();
    world.call(READ).start().waits();
}

#[test]
fn a_pause_that_the_service_asks_for_holds_all_calls() {
    let world = World::new(limited(Some(100), None));
    let mut refused = world.call(READ);
    refused.start().sent();
    let step = refused.answer(429, &[("retry-after", "3")], THROTTLED);
    assert!(
        matches!(
            step,
            Step::Sleep {
                milliseconds: 3_000,
                ..
            }
        ),
        "{step:?}"
    );
    let mut other = world.call(READ);
    assert_eq!(waits(other.start()), 3_000);
}

#[test]
fn a_call_that_must_not_be_sent_again_or_has_no_time_fails_as_throttled() {
    let world = World::new(limited(Some(100), None));
    let cases = [
        CallOptions {
            max_retries: Some(0),
            ..CallOptions::default()
        },
        CallOptions {
            timeout_ms: Some(3_000),
            ..CallOptions::default()
        },
    ];
    for options in cases {
        let mut script = world.call_with(READ, options);
        script.start().sent();
        let error = script
            .answer(429, &[("retry-after", "3")], THROTTLED)
            .failed();
        assert!(error.is_throttled(), "{error}");
        world.pass(10_000);
    }
}

#[test]
fn a_limit_of_nothing_is_refused_by_name() {
    for name in ["requestsPerSecond", "maxConcurrency"] {
        let mut options = Options::default();
        options.set(name, "0").unwrap();
        let error = pangulm_core::Settings::new(options).unwrap_err();
        assert_eq!(error.field(), Some(name));
        assert!(Options::default().set(name, "1.5").is_err());
    }
}
