//! A wrong clock is corrected once. The cases are in `tests/clock-skew.json` of the workspace.

use crate::support::{Expect, MORNING_MS, READ, World, header, with_key_pair};
use pangulm_core::Step;
use serde_json::Value;

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clock-skew.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    table["cases"].as_array().unwrap().clone()
}

#[test]
fn a_wrong_clock_is_corrected_when_the_answer_tells_the_time_and_only_then() {
    let cases = cases();
    assert!(cases.len() >= 10);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let world = World::new(with_key_pair);
        let behind = case["clockBehindSeconds"].as_i64().unwrap() * 1_000;
        world.set_wall(MORNING_MS.checked_add_signed(-behind).unwrap());
        let mut script = world.call(READ);
        script.start().sent();
        world.pass(case["roundTripMs"].as_u64().unwrap());
        let headers: Vec<(&str, &str)> = case["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let step = script.answer(401, &headers, &case["body"].to_string());
        match case["signedAgainAt"].as_str() {
            Some(date) => {
                let request = step.sent();
                assert_eq!(header(&request, "x-sdk-date"), Some(date), "{name}");
                let error = script
                    .answer(401, &headers, &case["body"].to_string())
                    .failed();
                assert_eq!(error.attempts(), 2, "{name}: corrected once");
            }
            None => assert_eq!(step.failed().attempts(), 1, "{name}"),
        }
    }
}

#[test]
fn what_one_call_learns_all_later_calls_know() {
    let world = World::new(with_key_pair);
    let mut first = world.call(READ);
    first.start().sent();
    let date = [("date", "Sat, 31 Jan 2026 10:00:00 GMT")];
    first.answer(401, &date, "{}").sent();
    first.succeed();
    world.pass(60_000);
    let request = world.call(READ).start().sent();
    assert_eq!(header(&request, "x-sdk-date"), Some("20260131T100100Z"));
}

#[test]
fn skewed_calls_under_way_together_are_all_corrected_and_none_counts_as_refused() {
    let world = World::new(with_key_pair);
    let mut proof = world.call(READ);
    proof.start().sent();
    proof.succeed();
    // The machine wakes up with a wrong clock.
    world.set_wall(MORNING_MS - 7_200_000);
    let mut crowd: Vec<_> = (0..4).map(|_| world.call(READ)).collect();
    for script in &mut crowd {
        script.start().sent();
    }
    let date = [("date", "Sat, 31 Jan 2026 08:00:00 GMT")];
    for script in &mut crowd {
        let step = script.answer(401, &date, "{}");
        assert!(matches!(step, Step::Send(_)), "{step:?}");
    }
    for script in &mut crowd {
        script.succeed();
    }
}

#[test]
fn a_correction_needs_no_retry_and_costs_none() {
    let world = World::new(|options| {
        with_key_pair(options);
        options.max_retries = Some(0);
    });
    let mut script = world.call(READ);
    script.start().sent();
    let date = [("date", "Sat, 31 Jan 2026 10:00:00 GMT")];
    script.answer(401, &date, "{}").sent();
    assert_eq!(script.succeed().attempts, 2);
}

#[test]
fn a_service_whose_clocks_disagree_is_followed_once() {
    let world = World::new(with_key_pair);
    let mut script = world.call(READ);
    script.start().sent();
    let ten = [("date", "Sat, 31 Jan 2026 10:00:00 GMT")];
    script.answer(401, &ten, "{}").sent();
    let noon = [("date", "Sat, 31 Jan 2026 12:00:00 GMT")];
    let error = script.answer(401, &noon, "{}").failed();
    assert_eq!(error.attempts(), 2);
}
