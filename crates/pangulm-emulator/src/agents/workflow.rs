//! The emulator's two workflows: one that answers at once, and one that comes to a question node first.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{admit, respond, wants_stream};
use crate::call::Call;
use crate::chat::answer;
use crate::reply::{Answer, emulated};
use crate::tokenizer::{is_cjk, pieces};

pub(super) async fn run(call: Call) -> Answer {
    let info = &call.state.info;
    let known = [&*info.workflow_id, &*info.asking_workflow_id];
    let conversation = admit(&call, "workflow_id", &known)?;
    let stream = wants_stream(&call)? == Some(true);
    let body = call.json()?;
    let said = said(&body);
    let asks = call.path_value("workflow_id") == info.asking_workflow_id;
    let before = asks
        .then(|| call.state.conversations.ask(&conversation, &said))
        .flatten();
    let answer = match before {
        None if asks => whole(&call, Reached::Question(question(&said))),
        Some(before) => {
            call.state.conversations.end(&conversation);
            whole(&call, Reached::End(concluded(&before, &said)))
        }
        None => whole(&call, Reached::End(answer::text(&said))),
    };
    if stream {
        return Ok(respond(&call, events(&answer)));
    }
    Ok(emulated(StatusCode::OK, answer))
}

/// The input called `query`, or else all inputs as JSON.
fn said(body: &Value) -> String {
    let inputs = body.get("inputs").unwrap_or(&Value::Null);
    let query = inputs.get("query").and_then(Value::as_str);
    query.map_or_else(|| inputs.to_string(), str::to_owned)
}

/// Where a run got to, with its text.
enum Reached {
    Question(String),
    End(String),
}

fn question(said: &str) -> String {
    if said.contains(is_cjk) {
        format!("您说：“{said}”。请问是什么时间？")
    } else {
        format!("You said: “{said}”. When should that be?")
    }
}

fn concluded(before: &str, said: &str) -> String {
    answer::text(&format!("{before} – {said}"))
}

/// The two shapes of answers that were seen (facts: platform 2.2).
fn whole(call: &Call, reached: Reached) -> Value {
    let now = call.state.clock.micros() / 1_000;
    let mut answer = json!({
        "conversation_id": call.path_value("conversation_id"),
        "messages": [],
        "status": {"code": 1, "desc": "succeeded"},
        "start_time": now,
        "end_time": now,
    });
    if let Value::Object(members) = &mut answer {
        match reached {
            Reached::Question(text) => {
                let asked = json!([{"role": "assistant", "content": text}]);
                members.insert("messages".to_owned(), asked);
            }
            Reached::End(text) => {
                let outputs = json!({"responseContent": text});
                members.insert("outputs".to_owned(), outputs);
            }
        }
    }
    answer
}

/// Which events a workflow sends is not known; these are the emulator's own and say so.
fn events(answer: &Value) -> Vec<Value> {
    let text = answer
        .pointer("/outputs/responseContent")
        .or_else(|| answer.pointer("/messages/0/content"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let piece = |piece| json!({"event": "message", "data": {"content": piece, "x_emulated": true}});
    let mut end = answer.clone();
    if let Value::Object(members) = &mut end {
        members.insert("x_emulated".to_owned(), true.into());
    }
    let mut events: Vec<Value> = pieces(text).into_iter().map(piece).collect();
    events.push(json!({"event": "x_emulated_end", "data": end}));
    events
}
