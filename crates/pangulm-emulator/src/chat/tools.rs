//! When the built-in answer calls a tool, and with what arguments.
//!
//! The rule is the emulator's: unless `tool_choice` is `none` or the last message is a tool's
//! result, the first tool is called whose name or description shares a word with the question;
//! with `tool_choice: "auto"` one is called in any case.

use serde_json::{Map, Value, json};

use crate::random;
use crate::tokenizer::{is_cjk, tokens};

use super::ask::Ask;

/// Shorter words, such as "the", say nothing.
const SHORTEST_WORD: usize = 4;

/// A call of a tool.
pub(crate) struct ToolCall {
    pub(crate) id: String,
    pub(crate) name: String,
    /// JSON as text, as the platform has it.
    pub(crate) arguments: String,
}

impl ToolCall {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "type": "function",
            "function": {"name": self.name, "arguments": self.arguments},
        })
    }
}

/// The call that the built-in answer makes, if it makes one.
pub(crate) fn choose(ask: &Ask, question: &str) -> Option<ToolCall> {
    let tools = ask.body.get("tools").and_then(Value::as_array)?;
    let choice = ask.body.get("tool_choice").and_then(Value::as_str);
    if choice == Some("none") || ask.tool_result().is_some() {
        return None;
    }
    let functions: Vec<&Value> = tools
        .iter()
        .filter_map(|tool| tool.get("function"))
        .collect();
    let any = functions.first().filter(|_| choice == Some("auto"));
    let function = functions
        .iter()
        .find(|function| fits(function, question))
        .or(any)?;
    let properties = function
        .pointer("/parameters/properties")
        .and_then(Value::as_object);
    let arguments: Map<String, Value> = properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), sample(schema, question)))
        .collect();
    Some(ToolCall {
        id: format!("call_{}", random::hex(24)),
        name: member(function, "name").to_owned(),
        arguments: Value::Object(arguments).to_string(),
    })
}

fn member<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether the question holds a word of the tool's name or description. Chinese has no spaces,
/// so there two neighbouring characters make a word.
fn fits(function: &Value, question: &str) -> bool {
    let question = question.to_lowercase();
    let asked = tokens(&question);
    let known = format!(
        "{} {}",
        member(function, "name"),
        member(function, "description")
    );
    let known = known.to_lowercase().replace('_', " ");
    let known = tokens(&known);
    let shared_word = known
        .iter()
        .any(|word| word.len() >= SHORTEST_WORD && !cjk(word) && asked.contains(word));
    let pair =
        |pair: &[&str]| pair.iter().all(|sign| cjk(sign)) && question.contains(&pair.concat());
    shared_word || known.windows(2).any(pair)
}

fn cjk(token: &str) -> bool {
    token.chars().all(is_cjk)
}

/// A value of the schema's type; texts quote the question.
fn sample(schema: &Value, question: &str) -> Value {
    if let Some(first) = schema
        .get("enum")
        .and_then(Value::as_array)
        .and_then(|list| list.first())
    {
        return first.clone();
    }
    match member(schema, "type") {
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        "object" => json!({}),
        _ => json!(question),
    }
}
