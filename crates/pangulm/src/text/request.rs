//! What is to be continued.

use pangulm_core::chat::Delivery;
use serde_json::{Map, Value};

use crate::members::number;

/// A text to continue.
///
/// What is not set is not sent, so the service's own defaults hold. Documented ranges are checked
/// before anything is sent.
///
/// ```
/// use pangulm::text::TextRequest;
///
/// let request = TextRequest::new("长江是")
///     .temperature(0.3)
///     .max_tokens(200);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct TextRequest {
    members: Map<String, Value>,
    deployment: Option<String>,
    pool: Option<String>,
}

impl TextRequest {
    /// Continues this text, which must not be empty.
    pub fn new(prompt: impl Into<String>) -> Self {
        let request = Self {
            members: Map::new(),
            deployment: None,
            pool: None,
        };
        request.extra("prompt", prompt.into())
    }

    /// Asks this deployment. Default: the client's.
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.deployment = Some(id.into());
        self
    }

    /// Names the resource pool that the deployment is in, as the official SDK's second version does.
    /// Default: none.
    pub fn pool(mut self, id: impl Into<String>) -> Self {
        self.pool = Some(id.into());
        self
    }

    /// Randomness, 0 to 1. Change this or [`top_p`](Self::top_p), not both.
    pub fn temperature(self, value: f64) -> Self {
        self.extra("temperature", number(value))
    }

    /// The share of probability that is considered, more than 0 and at most 1.
    pub fn top_p(self, value: f64) -> Self {
        self.extra("top_p", number(value))
    }

    /// The longest continuation in tokens, at least 1; the upper limit is the model's.
    pub fn max_tokens(self, tokens: u32) -> Self {
        self.extra("max_tokens", tokens)
    }

    /// How many continuations to give: 1 or 2, a stream has only one. Default: 1.
    pub fn n(self, continuations: u32) -> Self {
        self.extra("n", continuations)
    }

    /// Above 0, discourages tokens that have appeared: -2 to 2.
    pub fn presence_penalty(self, value: f64) -> Self {
        self.extra("presence_penalty", number(value))
    }

    /// Above 0, discourages tokens the more often they have appeared: -2 to 2.
    pub fn frequency_penalty(self, value: f64) -> Self {
        self.extra("frequency_penalty", number(value))
    }

    /// Your own identifier of the end user, 1 to 64 characters.
    pub fn user(self, id: impl Into<String>) -> Self {
        self.extra("user", id.into())
    }

    /// Sets any member of the request, such as one that this version does not know. It takes the
    /// place of a value set before. `stream` is not for setting here.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.members.insert(name.into(), value.into());
        self
    }

    pub(super) fn deployment_id(&self) -> Option<&str> {
        self.deployment.as_deref()
    }

    pub(super) fn pool_id(&self) -> Option<&str> {
        self.pool.as_deref()
    }

    /// The request as it is sent.
    pub(super) fn body(&self, delivery: Delivery) -> Value {
        let mut members = self.members.clone();
        members.remove("stream");
        if delivery == Delivery::Stream {
            members.insert("stream".to_owned(), Value::Bool(true));
        }
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_member_is_sent_by_its_name_on_the_wire_and_nothing_else() {
        let request = TextRequest::new("?").deployment("d").pool("p");
        assert_eq!(request.body(Delivery::Whole), json!({"prompt": "?"}));
        let request = request
            .temperature(0.5)
            .top_p(0.25)
            .max_tokens(6)
            .n(2)
            .presence_penalty(-1.0)
            .frequency_penalty(1.5)
            .user("u")
            .extra("seed", 7)
            .extra("stream", false);
        assert_eq!(
            request.body(Delivery::Stream),
            json!({"prompt": "?", "stream": true, "temperature": 0.5, "top_p": 0.25,
                "max_tokens": 6, "n": 2, "presence_penalty": -1.0, "frequency_penalty": 1.5,
                "user": "u", "seed": 7})
        );
    }
}
