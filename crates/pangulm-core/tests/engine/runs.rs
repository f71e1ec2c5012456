//! The runs of agents and workflows, and texts that are continued: what is asked, and when an answer
//! is whole.

use crate::support::{Expect, World, header, with_api_key};
use pangulm_core::call::{Arguments, Request};
use pangulm_core::chat_stream::{ChatStream, End, Progress};
use pangulm_core::{Call, Error, ErrorKind, Input, Operation};
use serde_json::{Value, json};

const CONVERSATION: &str = "4c0dcef2-7f8f-4c57-93c7-484c03b0a216";

fn request(id: &str, parameters: &[(&str, &str)], body: &str) -> Result<Request, Error> {
    let world = World::new(with_api_key);
    let arguments = Arguments {
        parameters: parameters.to_vec(),
        body: Some(body.as_bytes()),
        ..Arguments::default()
    };
    let operation = Operation::find(id).unwrap();
    let mut call = Call::new(&world.shared, operation, arguments)?;
    Ok(call.step(world.now(), Input::Start).sent())
}

fn run(id: &str, more: &[(&str, &str)]) -> Result<Request, Error> {
    let (name, body) = if id.contains("Agent") {
        ("agent_id", r#"{"query":"hi"}"#)
    } else {
        ("workflow_id", r#"{"inputs":{"query":"hi"}}"#)
    };
    let own = [(name, "a1"), ("conversation_id", CONVERSATION)];
    request(id, &[&own, more].concat(), body)
}

#[test]
fn a_run_asks_for_its_stream_by_a_header() {
    for (id, path, stream) in [
        ("runAgent", "agents", "true"),
        ("runAgentLegacy", "agent-run/agents", "true"),
        ("runWorkflow", "workflows", "false"),
        ("runWorkflowStream", "workflows", "true"),
        ("runWorkflowLegacy", "agent-run/workflows", "false"),
        ("runWorkflowLegacyStream", "agent-run/workflows", "true"),
    ] {
        let request = run(id, &[]).unwrap();
        let url = format!("https://pangu.example.com/v1/p1/{path}/a1/conversations/{CONVERSATION}");
        assert_eq!(request.url, url, "{id}");
        assert_eq!(header(&request, "stream"), Some(stream), "{id}");
        let again = run(id, &[("stream", stream)]).unwrap();
        assert_eq!(header(&again, "stream"), Some(stream), "{id}");
        let other = if stream == "true" { "false" } else { "true" };
        let refused = run(id, &[("stream", other)]).unwrap_err();
        let expected = format!("{id}: stream: must be {stream} for this operation");
        assert_eq!(refused.to_string(), expected);
    }
}

#[test]
fn a_conversation_without_a_uuid_is_refused_before_it_is_sent() {
    let parameters = [("agent_id", "a1"), ("conversation_id", "mine")];
    let refused = request("runAgent", &parameters, r#"{"query":"hi"}"#).unwrap_err();
    assert!(refused.is_invalid_input() && refused.attempts() == 0);
    assert_eq!(refused.field(), Some("conversation_id"));
}

#[test]
fn a_text_goes_to_its_deployment_or_to_that_of_a_pool() {
    let body = r#"{"prompt":"hi"}"#;
    let text = request("createTextCompletion", &[], body).unwrap();
    assert_eq!(
        text.url,
        "https://pangu.example.com/v1/p1/deployments/d1/text/completions"
    );
    let pooled = request("createPoolTextCompletion", &[("pool_id", "q1")], body).unwrap();
    assert_eq!(
        pooled.url,
        "https://pangu.example.com/v2/p1/pools/q1/deployments/d1/text/completions"
    );
}

struct Given {
    chunks: Vec<String>,
    outcome: Result<(), Error>,
    message: Value,
}

/// Plays a body in pieces of every size, which must make no difference.
fn play(id: &str, body: &str, end: &End) -> Given {
    let mut given: Option<Given> = None;
    for size in [body.len().max(1), 7, 1] {
        let next = play_in(id, body.as_bytes().chunks(size), end.clone());
        if let Some(given) = &given {
            assert_eq!(given.chunks, next.chunks, "pieces of {size}");
            assert_eq!(given.message, next.message, "pieces of {size}");
            assert_eq!(given.outcome.is_ok(), next.outcome.is_ok());
        }
        given = Some(next);
    }
    given.unwrap()
}

fn play_in<'a>(id: &str, pieces: impl Iterator<Item = &'a [u8]>, end: End) -> Given {
    let mut stream = ChatStream::new(Operation::find(id).unwrap(), None);
    let mut chunks = Vec::new();
    let mut drain = |stream: &mut ChatStream| loop {
        match stream.progress() {
            Progress::Chunk(chunk) => chunks.push(chunk.to_json()),
            Progress::NeedBytes => return None,
            Progress::Complete => return Some(Ok(())),
            Progress::Failed(error) => return Some(Err(error)),
        }
    };
    for piece in pieces {
        stream.push(piece);
        drain(&mut stream);
    }
    stream.end(end);
    let outcome = drain(&mut stream).unwrap();
    let message = serde_json::from_str(&stream.message()).unwrap();
    Given {
        chunks,
        outcome,
        message,
    }
}

fn events(events: &[Value]) -> String {
    events.iter().map(|it| format!("data:{it}\n\n")).collect()
}

fn said() -> Vec<Value> {
    vec![
        json!({"event": "start", "createdTime": 1}),
        json!({"event": "message", "content": "晴\"", "createdTime": 2}),
        json!({"event": "brand_new", "content": {"error_code": "no error"}, "message": "x", "code": 7}),
        json!({"event": "message", "content": "天", "createdTime": 3}),
        json!({"event": "statistic_data", "latency": {"overall": 13.17}, "createdTime": 4}),
    ]
}

#[test]
fn an_agents_run_is_whole_with_its_summary_however_the_body_ends() {
    let summary = json!({"event": "summary_response", "content": "晴天。", "createdTime": 5});
    let mut all = said();
    all.push(summary.clone());
    let body = events(&all) + "data:not read any more\n\n";
    for end in [End::Clean, End::Broken("cut".to_owned()), End::Stalled] {
        let given = play("runAgent", &body, &end);
        given.outcome.unwrap();
        let chunks: Vec<String> = all.iter().map(Value::to_string).collect();
        assert_eq!(given.chunks, chunks, "events pass as they came");
        assert_eq!(
            given.message,
            json!({"content": "晴天。", "end_confirmed": true, "last_event": summary})
        );
    }
}

#[test]
fn a_run_without_a_known_end_is_kept_and_marked() {
    for id in ["runAgentLegacy", "runWorkflowStream"] {
        let given = play(id, &events(&said()), &End::Clean);
        given.outcome.unwrap();
        assert_eq!(given.message["content"], "晴\"天", "{id}");
        assert_eq!(given.message["end_confirmed"], false, "{id}");
        assert_eq!(given.message["last_event"]["event"], "statistic_data");
    }
    // What an agent ends with says nothing of a workflow.
    let body = events(&[json!({"event": "summary_response", "content": "x"})]);
    let given = play("runWorkflowStream", &body, &End::Clean);
    assert_eq!(given.message["end_confirmed"], false);
}

#[test]
fn a_run_that_breaks_off_or_falls_silent_is_an_error_that_keeps_what_came() {
    let body = events(&said());
    let broken = play("runAgent", &body, &End::Broken("reset".to_owned()));
    assert!(broken.outcome.unwrap_err().is_truncated());
    assert_eq!(broken.message["content"], "晴\"天");
    let stalled = play("runWorkflowStream", &body, &End::Stalled);
    assert!(stalled.outcome.unwrap_err().is_stalled());
}

#[test]
fn a_run_without_an_event_or_with_half_of_one_is_cut() {
    let half = events(&said()) + "data:{\"event\":\"mess";
    for id in ["runAgent", "runWorkflowLegacyStream"] {
        for body in [": keep-alive\n\n", &half] {
            let error = play(id, body, &End::Clean).outcome.unwrap_err();
            assert!(error.is_truncated(), "{error}");
            assert!(
                error
                    .to_string()
                    .contains("without an event, or within one")
            );
        }
    }
    // The blank line alone is no loss.
    let whole = events(&said());
    let given = play("runAgent", whole.trim_end(), &End::Clean);
    given.outcome.unwrap();
}

#[test]
fn an_error_inside_a_run_is_told_from_its_events() {
    let refusal = json!({"error_code": "PANGU.0031", "error_msg": "Inner service exception."});
    let body = events(&[said().remove(0), refusal]);
    let error = play("runAgent", &body, &End::Clean).outcome.unwrap_err();
    assert!(error.is_in_stream());
    assert_eq!(error.code(), Some("PANGU.0031"));
    let error = play("runAgent", "data:{\n\n", &End::Clean)
        .outcome
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MalformedEvent);
}

#[test]
fn a_text_is_put_together_and_told_from_a_cut_one() {
    let piece = |text: &str, finish: Value| json!({"id": "t", "choices": [{"index": 0, "text": text, "finish_reason": finish}]});
    let begun = events(&[piece("长", Value::Null), piece("江", Value::Null)]);
    let id = "createTextCompletionStream";
    for body in [
        begun.clone() + "data:[DONE]\n\n",
        begun.clone() + &events(&[piece("", json!("stop"))]),
    ] {
        let given = play(id, &body, &End::Clean);
        given.outcome.unwrap();
        assert_eq!(given.message["choices"][0]["text"], "长江");
        assert_eq!(given.message["choices"][0].get("message"), None);
    }
    let cut = play(id, &begun, &End::Clean);
    assert!(cut.outcome.unwrap_err().is_truncated());
    assert_eq!(cut.message["choices"][0]["text"], "长江");
}
