//! The events of a chat stream, byte for byte.
//!
//! V1's form is documented (facts: inference 3.3): `data:` without a space, the increment in
//! `choices[].message`, running totals of usage in every chunk, `data:[DONE]` at the end. Its last
//! chunk before that was not seen; that it carries the finish reason and no increment is inferred.
//! All of V2's form is inferred from OpenAI's: `data: ` with a space, the increment in
//! `choices[].delta`, usage in a last chunk of its own if asked for.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::ask::{Ask, Dialect};

/// What a chunk adds.
#[derive(Clone, Default, Serialize)]
pub(crate) struct Increment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool_calls: Option<Value>,
}

/// What was used so far.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Usage {
    pub(crate) prompt_tokens: usize,
    pub(crate) total_tokens: usize,
    pub(crate) completion_tokens: usize,
}

impl Usage {
    pub(crate) fn new(prompt_tokens: usize, completion_tokens: usize) -> Self {
        let total_tokens = prompt_tokens + completion_tokens;
        Self {
            prompt_tokens,
            total_tokens,
            completion_tokens,
        }
    }
}

#[derive(Serialize)]
struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: &'a [ChunkChoice<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
}

/// The order of the members is that of the documented example.
#[derive(Serialize)]
struct ChunkChoice<'a> {
    index: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<&'a Increment>,
    logprobs: Option<u8>,
    finish_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a Increment>,
}

/// Writes the events of one answer.
pub(crate) struct Frames {
    dialect: Dialect,
    id: String,
    created: u64,
    model: String,
}

impl Frames {
    pub(crate) fn of(ask: &Ask) -> Self {
        Self {
            dialect: ask.dialect,
            id: ask.id.clone(),
            created: ask.created,
            model: ask.model.clone(),
        }
    }

    /// A chunk of choice `index`.
    pub(crate) fn chunk(
        &self,
        index: u64,
        increment: &Increment,
        finish_reason: Option<&str>,
        usage: Usage,
    ) -> Bytes {
        let v1 = self.dialect == Dialect::V1;
        let choice = ChunkChoice {
            index,
            delta: (!v1).then_some(increment),
            logprobs: None,
            finish_reason,
            message: v1.then_some(increment),
        };
        self.frame(&[choice], v1.then_some(usage))
    }

    /// V2's chunk of usage, which has no choices.
    pub(crate) fn usage(&self, usage: Usage) -> Bytes {
        self.frame(&[], Some(usage))
    }

    pub(crate) fn done(&self) -> Bytes {
        self.event("[DONE]")
    }

    /// One event around its data.
    pub(crate) fn event(&self, data: &str) -> Bytes {
        let space = if self.dialect == Dialect::V2 { " " } else { "" };
        format!("data:{space}{data}\n\n").into()
    }

    fn frame(&self, choices: &[ChunkChoice<'_>], usage: Option<Usage>) -> Bytes {
        let chunk = Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.model,
            choices,
            usage,
        };
        // Strings and numbers always serialise.
        self.event(&serde_json::to_string(&chunk).unwrap_or_default())
    }
}
