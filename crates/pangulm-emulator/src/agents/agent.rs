//! The emulator's one agent. Its answer quotes the question, and the one before it.

use serde_json::{Value, json};

use super::{admit, respond, wants_stream};
use crate::call::Call;
use crate::chat::answer;
use crate::reply::{Answer, Refusal};
use crate::tokenizer::{is_cjk, pieces};

pub(super) async fn run(call: Call) -> Answer {
    let conversation = admit(&call, "agent_id", &[&call.state.info.agent_id])?;
    if wants_stream(&call)? != Some(true) {
        let message = "parameter illegal. Agents only stream: the header stream must be true";
        return Err(Refusal::bad("PANGU.0010", message));
    }
    let body = call.json()?;
    let query = body.get("query").and_then(Value::as_str);
    let query = query.unwrap_or_default();
    let before = call.state.conversations.ask(&conversation, query);
    let text = text(query, before.as_deref());
    let events = events(&text, asks_for_weather(query), call.state.clock.micros());
    Ok(respond(&call, events))
}

fn text(query: &str, before: Option<&str>) -> String {
    let answer = answer::text(query);
    match before {
        Some(before) if query.contains(is_cjk) => format!("之前您问过：“{before}”。{answer}"),
        Some(before) => format!("Before that you asked: “{before}”. {answer}"),
        None => answer,
    }
}

fn asks_for_weather(query: &str) -> bool {
    query.contains("天气") || query.to_lowercase().contains("weather")
}

/// The order is that of the documented example. The members of `plugin` are not known, so the
/// emulator only says that it made them up.
fn events(text: &str, plugin: bool, micros: u64) -> Vec<Value> {
    let mut events = vec![json!({"event": "start"})];
    if plugin {
        let made_up = json!({"x_emulated": true});
        events.push(json!({"event": "plugin_start", "plugin": made_up}));
        events.push(json!({"event": "plugin_end", "plugin": made_up}));
    }
    let said = pieces(text);
    events.extend(
        said.iter()
            .map(|piece| json!({"event": "message", "content": piece})),
    );
    events.push(json!({"event": "statistic_data", "latency": {"overall": 0.25}}));
    events.push(json!({"event": "summary_response", "content": text}));
    for (event, after) in events.iter_mut().zip(0_u64..) {
        if let Value::Object(members) = event {
            members.insert("createdTime".to_owned(), (micros / 1_000 + after).into());
        }
    }
    events
}
