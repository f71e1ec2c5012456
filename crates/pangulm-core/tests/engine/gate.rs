//! Five refused signatures in a row lock a key for five minutes: the gate that prevents it.

use crate::support::{Expect, READ, STREAM, Script, World, with_api_key, with_key_pair};
use pangulm_core::call::FailureKind;
use pangulm_core::{Input, Step};

const REFUSAL: &str = r#"{"error_code":"APIG.0301","error_msg":"Incorrect IAM authentication information: verify aksk signature fail"}"#;

fn crowd(world: &World) -> Vec<Script<'_>> {
    (0..64).map(|_| world.call(READ)).collect()
}

/// Wakes whoever may go on; returns who sends now and how many are over.
fn wake(world: &World, crowd: &mut [Script<'_>]) -> (Vec<usize>, usize) {
    let woken = world.woken();
    let (mut sending, mut over) = (Vec::new(), 0);
    for (at, script) in crowd.iter_mut().enumerate() {
        if woken.contains(&script.call.id()) {
            match script.woken() {
                Step::Send(_) => sending.push(at),
                Step::Wait { .. } => {}
                Step::Fail(_) => over += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    (sending, over)
}

#[test]
fn first_signed_calls_go_one_at_a_time_until_one_succeeds() {
    let world = World::new(with_key_pair);
    let mut crowd = crowd(&world);
    crowd[0].start().sent();
    for script in &mut crowd[1..] {
        script.start().waits();
    }
    assert_eq!(
        wake(&world, &mut crowd),
        (vec![], 0),
        "nobody goes on by itself"
    );
    crowd[0].head(200, &[]);
    let (sending, _) = wake(&world, &mut crowd);
    assert_eq!(
        sending,
        (1..64).collect::<Vec<_>>(),
        "the head is proof enough"
    );
    world.call(READ).start().sent();
}

#[test]
fn after_two_refusals_nothing_is_sent_with_the_key() {
    let world = World::new(with_key_pair);
    let mut crowd = crowd(&world);
    let mut sent = 0;
    for script in &mut crowd {
        sent += u32::from(matches!(script.start(), Step::Send(_)));
    }
    let (mut sending, mut over) = (vec![0], 0);
    while let [at] = sending[..] {
        let error = crowd[at].json(401, REFUSAL).failed();
        assert_eq!(error.code(), Some("APIG.0301"));
        over += 1;
        let (next, stopped) = wake(&world, &mut crowd);
        sent += u32::try_from(next.len()).unwrap();
        over += stopped;
        sending = next;
    }
    assert_eq!((sent, over), (2, 64));
    let error = world.call(READ).start().failed();
    assert!(error.is_auth() && error.attempts() == 0, "{error}");
    assert!(
        error.to_string().contains("refused this access key"),
        "{error}"
    );
}

#[test]
fn a_success_between_two_refusals_forgives_the_first() {
    let world = World::new(with_key_pair);
    for _ in 0..3 {
        let mut refused = world.call(READ);
        refused.start().sent();
        refused.json(401, REFUSAL).failed();
        let mut accepted = world.call(READ);
        accepted.start().sent();
        accepted.succeed();
    }
}

#[test]
fn a_missing_permission_is_no_refused_signature() {
    let world = World::new(with_key_pair);
    let forbidden = r#"{"error_code":"PANGU.3315","error_msg":"The accessed API's model instance is not public."}"#;
    for _ in 0..5 {
        let mut script = world.call(READ);
        script.start().sent();
        let error = script.json(403, forbidden).failed();
        assert_eq!((error.status(), error.attempts()), (Some(403), 1));
    }
    world.call(READ).start().sent();
}

#[test]
fn dropping_or_failing_the_holder_lets_the_next_go() {
    let world = World::new(with_key_pair);
    let mut crowd = crowd(&world);
    crowd[0].start().sent();
    for script in &mut crowd[1..] {
        script.start().waits();
    }
    crowd.remove(0);
    assert_eq!(wake(&world, &mut crowd).0, vec![0]);
    crowd[0].json(400, "").failed();
    assert_eq!(
        wake(&world, &mut crowd).0,
        vec![1],
        "a failed holder gives up its place at once"
    );
    let step = crowd[1].break_off(FailureKind::NotConnected);
    assert_eq!(
        wake(&world, &mut crowd),
        (vec![], 0),
        "it keeps its place while it retries"
    );
    crowd[1].sleep(step).1.sent();
}

#[test]
fn a_waiting_call_that_is_dropped_is_forgotten() {
    let world = World::new(with_key_pair);
    let (mut holder, mut waiting) = (world.call(READ), world.call(READ));
    holder.start().sent();
    waiting.start().waits();
    drop(waiting);
    holder.succeed();
    assert_eq!(world.woken(), vec![]);
}

#[test]
fn a_call_woken_for_nothing_waits_on_and_is_named_once() {
    let world = World::new(with_key_pair);
    let (mut holder, mut waiting) = (world.call(READ), world.call(READ));
    holder.start().sent();
    waiting.start().waits();
    waiting.woken().waits();
    waiting.woken().waits();
    holder.succeed();
    assert_eq!(world.woken(), vec![waiting.call.id()]);
}

#[test]
fn a_waiting_call_that_is_woken_after_its_deadline_ends() {
    let world = World::new(with_key_pair);
    let (mut holder, mut waiting) = (world.call(READ), world.call(READ));
    holder.start().sent();
    waiting.start().waits();
    world.pass(pangulm_core::settings::DEFAULT_TIMEOUT_MS);
    let error = waiting.step(Input::Woken).failed();
    assert!(error.is_timeout() && error.attempts() == 0, "{error}");
}

#[test]
fn a_started_stream_is_proof_too() {
    let world = World::new(with_key_pair);
    let (mut stream, mut other) = (world.call(STREAM), world.call(READ));
    stream.start().sent();
    other.start().waits();
    stream
        .head(200, &[("content-type", "text/event-stream")])
        .stream();
    assert_eq!(world.woken(), vec![other.call.id()]);
    other.woken().sent();
}

#[test]
fn other_credentials_know_no_gate() {
    let world = World::new(with_api_key);
    for mut script in crowd(&world) {
        script.start().sent();
    }
}
