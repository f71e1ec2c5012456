//! Pieces of an answer.

use pangulm_core::Error;
use pangulm_core::chat_stream::Chunk;
use serde::Deserialize;
use serde_json::Value;

use super::{FinishReason, Usage, null_as_default};
use crate::pieces::{self, Piece};

/// One piece of a streamed answer, the same for both dialects.
///
/// Members that this version does not know are in [`json`](Self::json).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ChatChunk {
    /// The answer's id, the same in all of its chunks.
    pub id: Option<String>,
    /// When the answer was begun, in seconds since 1970.
    pub created: Option<i64>,
    /// The model that answers.
    pub model: Option<String>,
    /// The answers that grew; none in a chunk that brings something else, such as usage.
    #[serde(default, deserialize_with = "null_as_default")]
    pub choices: Vec<ChunkChoice>,
    /// The tokens used so far: in every chunk of V1.
    pub usage: Option<Usage>,
    #[serde(skip)]
    json: String,
}

/// What one answer grew by.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ChunkChoice {
    /// The number of the answer, from 0.
    #[serde(default)]
    pub index: u64,
    /// What is new.
    #[serde(default, deserialize_with = "null_as_default")]
    pub delta: Delta,
    /// Why it ended, in its last chunk.
    pub finish_reason: Option<FinishReason>,
    /// The id or the text of the token that ended it.
    pub stop_reason: Option<Value>,
}

/// What is new in a chunk.
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct Delta {
    /// Who speaks, in the first chunk.
    pub role: Option<String>,
    /// Text to append to the answer.
    pub content: Option<String>,
    /// Text to append to the train of thought.
    pub reasoning_content: Option<String>,
    /// Pieces of tool calls.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tool_calls: Vec<ToolCallDelta>,
}

/// A piece of a tool call. [`ChatStream::final_message`](super::ChatStream::final_message) puts
/// them together.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ToolCallDelta {
    /// Which call it belongs to, from 0.
    #[serde(default)]
    pub index: u64,
    /// The call's name, in its first piece.
    pub id: Option<String>,
    /// What is new of the function.
    pub function: Option<FunctionDelta>,
}

/// A piece of a called function.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct FunctionDelta {
    /// The function's name.
    pub name: Option<String>,
    /// JSON text to append to the arguments.
    pub arguments: Option<String>,
}

impl ChatChunk {
    /// The new text of the chunk's first answer; empty if there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        self.delta()
            .and_then(|delta| delta.content.as_deref())
            .unwrap_or_default()
    }

    /// What is new in the train of thought of the chunk's first answer; empty if nothing is.
    #[must_use]
    pub fn reasoning(&self) -> &str {
        self.delta()
            .and_then(|delta| delta.reasoning_content.as_deref())
            .unwrap_or_default()
    }

    /// The chunk as JSON, with its increments in `choices[].delta` whatever the dialect.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    fn delta(&self) -> Option<&Delta> {
        self.choices.first().map(|choice| &choice.delta)
    }
}

/// For those who drive the engine themselves.
///
/// The error is that the event is not what the platform sends.
impl TryFrom<&Chunk<'_>> for ChatChunk {
    type Error = Error;

    fn try_from(chunk: &Chunk<'_>) -> Result<Self, Error> {
        let read: Self = pieces::read(chunk)?;
        let json = chunk.to_json();
        Ok(Self { json, ..read })
    }
}

impl Piece for ChatChunk {
    fn read(chunk: &Chunk<'_>) -> Result<Self, Error> {
        chunk.try_into()
    }
}
