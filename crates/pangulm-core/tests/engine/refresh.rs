//! One token for all calls, whatever becomes of those that fetch it. The cases are in
//! `tests/refresh.json` of the workspace.

use crate::support::{READ, Script, World, header, with_password};
use pangulm_core::{Input, Step};
use serde_json::Value;
use std::collections::BTreeMap;

const MINUTE_MS: u64 = 60_000;
const REFUSAL: &str = r#"{"error_code":"APIG.0301","error_msg":"token expires"}"#;

/// The calls of a case, by their names, and how often IAM was asked.
struct Case<'w> {
    world: &'w World,
    calls: BTreeMap<String, Script<'w>>,
    fetches: u64,
}

impl<'w> Case<'w> {
    /// Does what a step says, and holds it against what it says will come of it.
    fn play(&mut self, name: &str, step: &Value) {
        let text = |member: &str| step[member].as_str().map(str::to_owned);
        if let Some(minutes) = step["passMinutes"].as_u64() {
            self.world.pass(minutes * MINUTE_MS);
        } else if let Some(call) = text("drop") {
            self.calls.remove(&call).expect("a call to drop");
        } else {
            let (call, given) = if let Some(call) = text("start") {
                let script = self.world.call(READ);
                assert!(self.calls.insert(call.clone(), script).is_none());
                (call, Given::Start)
            } else if let Some(call) = text("granted") {
                (call, Given::Token(text("token").expect("a token")))
            } else {
                (text("refused").expect("something to do"), Given::Refusal)
            };
            let done = self.turn(&call, &given);
            assert_eq!(text("then"), Some(done), "{name}: {step}");
        }
        self.wake(name, step);
    }

    fn wake(&mut self, name: &str, step: &Value) {
        let woken = self.world.woken();
        let mut done = serde_json::Map::new();
        let names: Vec<String> = self.calls.keys().cloned().collect();
        for call in names {
            if woken.contains(&self.calls[&call].call.id()) {
                let then = self.turn(&call, &Given::Woken);
                done.insert(call, then.into());
            }
        }
        let expected = step["woken"].as_object().cloned().unwrap_or_default();
        assert_eq!(done, expected, "{name}: {step}");
    }

    /// Turns a call by one step and says what it does then.
    fn turn(&mut self, call: &str, given: &Given) -> String {
        let script = self.calls.get_mut(call).expect("a call of this name");
        let step = match given {
            Given::Start => script.start(),
            Given::Woken => script.step(Input::Woken),
            Given::Token(token) => script.iam_day_token(token),
            Given::Refusal => script.json(401, REFUSAL),
        };
        match step {
            Step::Send(request) if request.url.contains("/auth/tokens") => {
                self.fetches += 1;
                "fetch".to_owned()
            }
            Step::Send(request) => {
                format!(
                    "send {}",
                    header(&request, "x-auth-token").expect("a token")
                )
            }
            Step::Wait { .. } => "wait".to_owned(),
            Step::Fail(error) => {
                assert!(error.is_auth(), "{error}");
                "fail".to_owned()
            }
            other => panic!("{other:?}"),
        }
    }
}

enum Given {
    Start,
    Woken,
    Token(String),
    Refusal,
}

#[test]
fn one_refresh_serves_all_and_its_failure_or_end_harms_no_other_call() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/refresh.json");
    let table: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = table["cases"].as_array().unwrap();
    assert!(cases.len() >= 4);
    for table in cases {
        let name = table["name"].as_str().unwrap();
        let world = World::new(with_password);
        let mut case = Case {
            world: &world,
            calls: BTreeMap::new(),
            fetches: 0,
        };
        for step in table["steps"].as_array().unwrap() {
            case.play(name, step);
        }
        assert_eq!(Some(case.fetches), table["fetches"].as_u64(), "{name}");
    }
}
