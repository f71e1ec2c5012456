//! What a chat request asks for.

use serde_json::Value;

use crate::call::Call;
use crate::random;
use crate::reply::Refusal;
use crate::tokenizer;

/// The model's context, which is also the most that `max_tokens` may be.
const CONTEXT: u64 = 32_768;
/// All content together may have this many characters: 1.5 times the context (facts: inference 3.1).
pub(crate) const LONGEST_CONTENT: usize = 49_152;

/// The two forms of chat.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dialect {
    /// Increments in `choices[].message`.
    V1,
    /// Increments in `choices[].delta`.
    V2,
}

/// A valid chat request, and the ids that its answer bears.
pub(crate) struct Ask {
    pub(crate) request_id: String,
    pub(crate) dialect: Dialect,
    pub(crate) body: Value,
    pub(crate) id: String,
    pub(crate) created: u64,
    pub(crate) model: String,
    pub(crate) stream: bool,
    /// V2: whether the stream ends with a chunk of usage. V1 has usage in every chunk.
    pub(crate) include_usage: bool,
    pub(crate) thinks: bool,
    pub(crate) choices: u64,
    pub(crate) max_tokens: Option<usize>,
    pub(crate) prompt_tokens: usize,
}

impl Ask {
    /// Reads a body that fits the schema; `name` is the deployment or model that the caller chose.
    pub(crate) fn new(
        call: &Call,
        dialect: Dialect,
        name: &str,
        body: Value,
    ) -> Result<Self, Refusal> {
        let stream = flag(&body, "/stream");
        check_limits(&body, stream)?;
        let texts: Vec<String> = messages(&body).iter().map(text_of).collect();
        if texts.iter().map(|text| text.chars().count()).sum::<usize>() > LONGEST_CONTENT {
            let message = format!(
                "tolal ContentLength Illegal. /messages: all content together has over \
                 {LONGEST_CONTENT} characters"
            );
            return Err(Refusal::bad("PANGU.3318", message));
        }
        let asked_model = body
            .get("model")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let thinks = name.contains("think")
            || asked_model.contains("think")
            || flag(&body, "/enable_thinking")
            || flag(&body, "/chat_template_kwargs/thinking")
            || body
                .pointer("/thinking/type")
                .is_some_and(|kind| kind == "enabled");
        Ok(Self {
            request_id: call.request_id.clone(),
            dialect,
            id: format!("chat-{}", random::hex(32)),
            created: call.state.clock.seconds(),
            model: match dialect {
                Dialect::V1 => call.state.info.model.clone(),
                Dialect::V2 => name.to_owned(),
            },
            stream,
            include_usage: flag(&body, "/stream_options/include_usage"),
            thinks,
            choices: body.get("n").and_then(Value::as_u64).unwrap_or(1),
            max_tokens: body
                .get("max_tokens")
                .and_then(Value::as_u64)
                .and_then(|most| usize::try_from(most).ok()),
            prompt_tokens: texts
                .iter()
                .map(|text| tokenizer::count(text))
                .sum::<usize>()
                .max(1),
            body,
        })
    }

    /// The text of the last message of a user; a message without a role is a user's.
    pub(crate) fn question(&self) -> String {
        let of_user = |message: &&Value| message.get("role").is_none_or(|role| role == "user");
        messages(&self.body)
            .iter()
            .rev()
            .find(of_user)
            .map(text_of)
            .unwrap_or_default()
    }

    /// The text of the last message, if it is the result of a tool.
    pub(crate) fn tool_result(&self) -> Option<String> {
        let last = messages(&self.body).last()?;
        last.get("role")
            .is_some_and(|role| role == "tool")
            .then(|| text_of(last))
    }
}

/// The documented limits that have codes of their own, and that V2's schema leaves open.
pub(crate) fn check_limits(body: &Value, stream: bool) -> Result<(), Refusal> {
    if let Some(most) = body.get("max_tokens").filter(|most| !most.is_null())
        && !most
            .as_u64()
            .is_some_and(|most| (1..=CONTEXT).contains(&most))
    {
        let message = format!("max tokens Number Illegal. /max_tokens must be 1 to {CONTEXT}");
        return Err(Refusal::bad("PANGU.3317", message));
    }
    let n = body.get("n").filter(|n| !n.is_null());
    if stream && n.is_some_and(|n| n.as_u64() != Some(1)) {
        return Err(Refusal::bad("PANGU.3321", "/n must be 1 in a stream"));
    }
    if n.is_some_and(|n| !n.as_u64().is_some_and(|n| (1..=2).contains(&n))) {
        return Err(Refusal::bad("PANGU.3320", "/n must be 1 or 2"));
    }
    Ok(())
}

pub(crate) fn flag(body: &Value, pointer: &str) -> bool {
    body.pointer(pointer) == Some(&Value::Bool(true))
}

fn messages(body: &Value) -> &[Value] {
    body.get("messages")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The text of a message: its content, or the text parts of its content.
fn text_of(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts = parts
                .iter()
                .filter_map(|part| part.get("text").and_then(Value::as_str));
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
