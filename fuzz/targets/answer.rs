//! Any answer of a server ends a call, in a success or in an error that tells no secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_core::call::{Arguments, BodyWanted};
use pangulm_core::{
    Call, CallOptions, Credentials, Input, Moment, Operation, Options, Secret, Settings, Shared,
    Step,
};
use pangulm_fuzz::Message;

const API_KEY: &str = "a-key-nobody-may-see";
const QUESTION: &[u8] = br#"{"messages":[{"role":"user","content":"hi"}]}"#;

fuzz_target!(|input: &[u8]| {
    // `STATUS`, headers and body, in the format of a request.
    let Some(answer) = Message::read(input) else {
        return;
    };
    // A server that sends the key back has it anyway; what it says is shown.
    let echoed = String::from_utf8_lossy(input).contains(API_KEY);
    let status = answer.method.parse().unwrap_or(500);
    let headers = answer.headers.iter().copied().collect();
    let (mut call, now) = (call(), Moment::default());
    assert!(matches!(call.step(now, Input::Start), Step::Send(_)));
    let step = match call.step(now, Input::Head { status, headers }) {
        Step::ReadBody(BodyWanted::Keep { .. }) => call.step(now, Input::BodyKept),
        Step::ReadBody(BodyWanted::Bytes { limit }) => {
            let end = answer.body.len().min(limit);
            call.step(now, Input::Body(answer.body[..end].to_vec()))
        }
        step => step,
    };
    match step {
        Step::Done(success) => {
            if let Some(error) = success.cut_short(answer.body) {
                assert_eq!(error.body(), Some(answer.body), "the answer is kept");
            }
        }
        Step::Fail(error) => {
            let told = format!("{error} {error:?} {}", error.line());
            assert!(echoed || !told.contains(API_KEY));
        }
        other => panic!("the call is not over: {other:?}"),
    }
});

fn call() -> Call {
    let options = Options {
        endpoint: Some("https://pangu.example.com".to_owned()),
        project_id: Some("p1".to_owned()),
        deployment: Some("d1".to_owned()),
        credentials: Credentials {
            api_key: Some(Secret::new(API_KEY)),
            ..Credentials::default()
        },
        ..Options::default()
    };
    let shared = Shared::new(Settings::new(options).expect("whole settings"), 7);
    let operation = Operation::find("createChatCompletionV1").expect("a known operation");
    let arguments = Arguments {
        parameters: Vec::new(),
        body: Some(QUESTION),
        options: CallOptions {
            max_retries: Some(0),
            ..CallOptions::default()
        },
    };
    Call::new(&shared, operation, arguments).expect("a whole call")
}
