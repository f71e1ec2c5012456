//! What is asked.

use pangulm_core::chat::Delivery;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Message, Stop, Tool, ToolChoice};
use crate::members::number;

/// A question with its conversation so far.
///
/// What is not set is not sent, so the service's own defaults hold. Ranges are checked before
/// anything is sent where the platform documents them, which it does for V1.
///
/// ```
/// use pangulm::chat::{ChatRequest, Message};
///
/// let request = ChatRequest::new([Message::user("介绍一下长江")])
///     .deployment("5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045")
///     .temperature(0.3)
///     .max_tokens(600)
///     .extra("seed", 7);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[must_use]
pub struct ChatRequest {
    messages: Vec<Message>,
    #[serde(flatten)]
    members: Map<String, Value>,
    #[serde(skip)]
    target: Asked,
}

/// Where a request wants to go.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) deployment: Option<String>,
    pub(super) pool: Option<String>,
    pub(super) model: Option<String>,
}

impl ChatRequest {
    /// A conversation, oldest message first. There must be at least one.
    pub fn new(messages: impl IntoIterator<Item = Message>) -> Self {
        Self {
            messages: messages.into_iter().collect(),
            members: Map::new(),
            target: Asked::default(),
        }
    }

    /// Adds a message to the end of the conversation, such as the result of a tool.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.messages.push(message.into());
        self
    }

    /// Asks this deployment, by V1. Default: the client's deployment or model.
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.target.deployment = Some(id.into());
        self
    }

    /// Names the resource pool that the deployment is in, as the official SDK's second version does.
    /// Default: none, as the reference has it.
    pub fn pool(mut self, id: impl Into<String>) -> Self {
        self.target.pool = Some(id.into());
        self
    }

    /// Asks this model, by V2. Default: the client's deployment or model.
    pub fn model(mut self, name: impl Into<String>) -> Self {
        self.target.model = Some(name.into());
        self
    }

    /// Randomness, 0 to 1 in V1; sources disagree whether 0 itself is allowed. Change this or
    /// [`top_p`](Self::top_p), not both.
    pub fn temperature(self, value: f64) -> Self {
        self.number("temperature", value)
    }

    /// The share of probability that is considered, more than 0 and at most 1 in V1.
    pub fn top_p(self, value: f64) -> Self {
        self.number("top_p", value)
    }

    /// The longest answer in tokens, at least 1; the upper limit is the model's.
    pub fn max_tokens(self, tokens: u32) -> Self {
        self.extra("max_tokens", tokens)
    }

    /// How many answers to give: 1 or 2 in V1, a stream has only one. Default: 1.
    pub fn n(self, answers: u32) -> Self {
        self.extra("n", answers)
    }

    /// Above 0, discourages tokens that have appeared: -2 to 2 in V1.
    pub fn presence_penalty(self, value: f64) -> Self {
        self.number("presence_penalty", value)
    }

    /// Above 0, discourages tokens the more often they have appeared: -2 to 2 in V1.
    pub fn frequency_penalty(self, value: f64) -> Self {
        self.number("frequency_penalty", value)
    }

    /// Text at which the answer ends: one or several.
    pub fn stop(self, stop: impl Into<Stop>) -> Self {
        self.member("stop", &stop.into())
    }

    /// Offers one more function to the model.
    pub fn tool(mut self, tool: Tool) -> Self {
        let tool = as_value(&tool);
        match self.members.get_mut("tools") {
            Some(Value::Array(tools)) => tools.push(tool),
            _ => {
                self.members
                    .insert("tools".to_owned(), Value::Array(vec![tool]));
            }
        }
        self
    }

    /// Whether the model may call a tool, such as `"auto"`. One deployment was seen to refuse
    /// `"required"`, and a named tool.
    pub fn tool_choice(self, choice: impl Into<ToolChoice>) -> Self {
        self.member("tool_choice", &choice.into())
    }

    /// Your own identifier of the end user, 1 to 64 characters in V1.
    pub fn user(self, id: impl Into<String>) -> Self {
        self.extra("user", id.into())
    }

    /// Sets any member of the request, such as one that this version does not know. It takes the
    /// place of a value set before. `messages` and `stream` are not for setting here.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.members.insert(name.into(), value.into());
        self
    }

    fn member(self, name: &str, value: &impl Serialize) -> Self {
        let value = as_value(value);
        self.extra(name, value)
    }

    fn number(self, name: &str, value: f64) -> Self {
        self.extra(name, number(value))
    }

    pub(super) fn take_target(&mut self) -> Asked {
        std::mem::take(&mut self.target)
    }

    /// The request as it is sent.
    pub(super) fn complete(mut self, model: Option<&str>, delivery: Delivery) -> Self {
        self.members.remove("messages");
        self.members.remove("stream");
        if let Some(model) = model {
            self = self.extra("model", model);
        }
        match delivery {
            Delivery::Stream => self.extra("stream", true),
            Delivery::Whole => self,
        }
    }
}

/// Only maps with keys that are no text could fail, and generated types have none.
fn as_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(request: ChatRequest, model: Option<&str>, delivery: Delivery) -> Value {
        serde_json::to_value(request.complete(model, delivery)).unwrap()
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let request = ChatRequest::new([Message::user("?")]).deployment("d");
        assert_eq!(
            sent(request, None, Delivery::Whole),
            json!({"messages": [{"role": "user", "content": "?"}]})
        );
    }

    #[test]
    fn every_member_is_sent_by_its_name_on_the_wire() {
        let request = ChatRequest::new([Message::system("be brief")])
            .message(Message::tool("c1", "4"))
            .temperature(0.5)
            .top_p(0.25)
            .max_tokens(6)
            .n(2)
            .presence_penalty(-1.0)
            .frequency_penalty(1.5)
            .stop(["a", "b"])
            .tool(Tool::function("f").description("d").parameters(json!({})))
            .tool(Tool::function("g"))
            .tool_choice("auto")
            .user("u")
            .extra("seed", 7);
        assert_eq!(
            sent(request, Some("m"), Delivery::Stream),
            json!({
                "messages": [
                    {"role": "system", "content": "be brief"},
                    {"role": "tool", "tool_call_id": "c1", "content": "4"},
                ],
                "model": "m", "stream": true, "temperature": 0.5, "top_p": 0.25, "max_tokens": 6,
                "n": 2, "presence_penalty": -1.0, "frequency_penalty": 1.5, "stop": ["a", "b"],
                "tools": [
                    {"type": "function", "function": {
                        "name": "f", "description": "d", "parameters": {}}},
                    {"type": "function", "function": {"name": "g"}},
                ],
                "tool_choice": "auto", "user": "u", "seed": 7,
            })
        );
    }

    #[test]
    fn an_extra_member_takes_the_place_of_one_set_but_never_of_ours() {
        let request = ChatRequest::new([Message::user("?")])
            .temperature(0.5)
            .extra("temperature", 1)
            .extra("messages", "none")
            .extra("stream", true);
        assert_eq!(
            sent(request, None, Delivery::Whole),
            json!({"messages": [{"role": "user", "content": "?"}], "temperature": 1})
        );
    }
}
