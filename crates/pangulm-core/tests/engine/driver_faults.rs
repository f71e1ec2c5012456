//! A driver that errs or gives up harms only its own call.

use crate::support::{
    Expect, READ, STREAM, Script, World, with_api_key, with_callback, with_drivers_key,
    with_password,
};
use pangulm_core::call::{Failure, FailureKind, FreshToken};
use pangulm_core::headers::Headers;
use pangulm_core::{CallOptions, ErrorKind, Input, Options, Secret, Step};

fn broken() -> Failure {
    Failure {
        kind: FailureKind::Broken,
        message: "cut".to_owned(),
    }
}

fn head(status: u16, headers: &[(&str, &str)]) -> Input {
    Input::Head {
        status,
        headers: headers.iter().copied().collect(),
    }
}

fn every_input() -> Vec<Input> {
    vec![
        Input::Start,
        Input::Head {
            status: 200,
            headers: Headers::default(),
        },
        Input::Body(b"long ".repeat(100_000)),
        Input::BodyKept,
        Input::Failed(broken()),
        Input::Slept,
        Input::Woken,
        Input::Digest([7; 32]),
        Input::Mac([7; 32]),
        Input::Token(Ok(FreshToken {
            token: Secret::new("hidden"),
            lifetime_ms: None,
        })),
        Input::Token(Err("no".to_owned())),
    ]
}

/// A way through a call: who is calling what, and the inputs, each of which fits its step.
struct Path {
    credentials: fn(&mut Options),
    operation: &'static str,
    inputs: fn() -> Vec<Input>,
}

const PATHS: [Path; 5] = [
    Path {
        credentials: with_api_key,
        operation: READ,
        inputs: || {
            vec![
                Input::Start,
                head(503, &[]),
                Input::Body(Vec::new()),
                Input::Slept,
                head(200, &[]),
                Input::BodyKept,
            ]
        },
    },
    Path {
        credentials: with_password,
        operation: READ,
        inputs: || {
            vec![
                Input::Start,
                Input::Failed(broken()),
                Input::Slept,
                head(201, &[("x-subject-token", "t")]),
                Input::Body(b"{}".to_vec()),
                head(401, &[]),
                Input::Body(b"{}".to_vec()),
                head(201, &[("x-subject-token", "t2")]),
                Input::Body(b"{}".to_vec()),
                head(200, &[]),
                Input::BodyKept,
            ]
        },
    },
    Path {
        credentials: with_callback,
        operation: STREAM,
        inputs: || {
            vec![
                Input::Start,
                Input::Token(Ok(FreshToken {
                    token: Secret::new("t"),
                    lifetime_ms: Some(1),
                })),
                head(200, &[("content-type", "text/event-stream")]),
            ]
        },
    },
    Path {
        credentials: with_drivers_key,
        operation: READ,
        inputs: || {
            vec![
                Input::Start,
                Input::Digest([1; 32]),
                Input::Mac([2; 32]),
                head(401, &[("date", "Sat, 31 Jan 2026 12:00:00 GMT")]),
                Input::Body(b"{}".to_vec()),
                Input::Mac([3; 32]),
                head(200, &[]),
                Input::BodyKept,
            ]
        },
    },
    Path {
        credentials: with_drivers_key,
        operation: STREAM,
        inputs: || {
            vec![
                Input::Start,
                Input::Digest([1; 32]),
                Input::Mac([2; 32]),
                head(400, &[]),
                Input::Body(b"{}".to_vec()),
            ]
        },
    },
];

/// A call that has taken the first inputs of its path.
fn walked<'w>(world: &'w World, path: &Path, length: usize) -> Script<'w> {
    let options = CallOptions {
        driver_hashes_from: Some(0),
        ..CallOptions::default()
    };
    let mut script = world.call_with(path.operation, options);
    for input in (path.inputs)().into_iter().take(length) {
        let step = script.step(input);
        if let Step::Fail(error) = step {
            assert_ne!(error.kind(), ErrorKind::Internal, "{error}");
        }
    }
    script
}

/// Plays a call to its success, waking it when others make way.
fn succeeds(world: &World, path: &Path, mut script: Script<'_>) {
    let mut step = script.start();
    for _ in 0..20 {
        step = match step {
            Step::Hash => script.step(Input::Digest([1; 32])),
            Step::Mac(_) => script.step(Input::Mac([2; 32])),
            Step::Token => script.own_token("fresh", None),
            Step::Send(request) if request.url.contains("/auth/tokens") => {
                script.iam_day_token("fresh")
            }
            Step::Send(_) if path.operation == STREAM => {
                script.head(200, &[("content-type", "text/event-stream")])
            }
            Step::Send(_) => script.json(200, "{}"),
            Step::Wait { .. } => {
                assert!(
                    world.woken().contains(&script.call.id()),
                    "nobody makes way"
                );
                script.woken()
            }
            Step::Done(_) | Step::Stream(..) => return,
            other => panic!("{other:?}"),
        };
    }
    panic!("no end");
}

#[test]
fn every_path_ends_where_it_should() {
    for path in &PATHS {
        let length = (path.inputs)().len();
        let world = World::new(path.credentials);
        let mut script = walked(&world, path, length);
        let error = script.step(Input::Woken).failed();
        assert!(error.message().contains("a call that is over"), "{error}");
    }
}

#[test]
fn a_call_dropped_in_any_state_leaves_its_client_usable() {
    for path in &PATHS {
        for length in 0..=(path.inputs)().len() {
            for waiting in [false, true] {
                let world = World::new(path.credentials);
                let dropped = walked(&world, path, length);
                let mut other = world.call(path.operation);
                if waiting && length > 0 && matches!(other.start(), Step::Wait { .. }) {
                    drop(dropped);
                    assert_eq!(world.woken(), vec![other.call.id()], "{length} steps");
                    assert!(
                        !matches!(other.woken(), Step::Wait { .. }),
                        "{length} steps"
                    );
                    drop(other);
                } else {
                    drop(dropped);
                    drop(other);
                }
                succeeds(&world, path, world.call(path.operation));
            }
        }
    }
}

#[test]
fn an_input_that_does_not_answer_the_step_is_an_internal_error() {
    let mut wrong = 0;
    for path in &PATHS {
        for length in 0..=(path.inputs)().len() {
            for input in every_input() {
                let world = World::new(path.credentials);
                let mut script = walked(&world, path, length);
                if let Step::Fail(error) = script.step(input) {
                    wrong += u32::from(error.kind() == ErrorKind::Internal);
                    assert!(error.to_string().len() < 400, "a fault is told in a line");
                    assert!(!format!("{error:?}").contains("hidden"));
                    let error = script.step(Input::Slept).failed();
                    assert_eq!(
                        error.kind(),
                        ErrorKind::Internal,
                        "a call that is over stays so"
                    );
                }
                drop(script);
                succeeds(&world, path, world.call(path.operation));
            }
        }
    }
    assert!(wrong > 250, "{wrong}");
}
