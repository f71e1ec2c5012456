//! Pieces of an answer.

use pangulm_core::Error;
use pangulm_core::chat_stream::{Chunk, Node};
use pangulm_core::scan::{Kind, Value as Raw};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{FinishReason, Usage, null_as_default};
use crate::pieces::{self, Piece};

/// One piece of a streamed answer, the same for both dialects.
///
/// Members that this version does not know are in [`json`](Self::json).
#[derive(Clone, Debug, Default, Deserialize)]
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
#[derive(Clone, Debug, Default, Deserialize)]
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
        let json = chunk.to_json();
        let mut read = Self::default();
        if of_parts(chunk, &mut read).is_none() {
            // What is wrong with it, serde_json says best.
            read = pieces::read(&json)?;
        }
        read.json = json;
        Ok(read)
    }
}

impl Piece for ChatChunk {
    fn read(chunk: &Chunk<'_>) -> Result<Self, Error> {
        chunk.try_into()
    }
}

/// Takes the parts that the engine has found, so that the text is not parsed once more; none if one of
/// them is of another type than it should be.
fn of_parts(chunk: &Chunk<'_>, read: &mut ChatChunk) -> Option<()> {
    for member in chunk.members() {
        let value = member.value();
        match &*member.name() {
            "id" => read.id = text(value)?,
            "created" => read.created = whole(value)?,
            "model" => read.model = text(value)?,
            "usage" => read.usage = typed(value)?,
            "choices" => read.choices = choices(member)?,
            _ => {}
        }
    }
    Some(())
}

fn choices(list: Node<'_>) -> Option<Vec<ChunkChoice>> {
    let Some(items) = list.children() else {
        return typed(list.value()).map(Option::unwrap_or_default);
    };
    let mut choices = Vec::new();
    choices.resize_with(items.clone().count(), ChunkChoice::default);
    for (item, read) in items.zip(&mut choices) {
        choice(item, read)?;
    }
    Some(choices)
}

fn choice(item: Node<'_>, read: &mut ChunkChoice) -> Option<()> {
    for member in item.children()? {
        let value = member.value();
        match &*member.name() {
            "index" => read.index = value.unsigned()?,
            "delta" => delta(member, &mut read.delta)?,
            "finish_reason" => read.finish_reason = typed(value)?,
            "stop_reason" => read.stop_reason = typed(value)?,
            _ => {}
        }
    }
    Some(())
}

fn delta(increment: Node<'_>, read: &mut Delta) -> Option<()> {
    for member in increment.children()? {
        let value = member.value();
        match &*member.name() {
            "role" => read.role = text(value)?,
            "content" => read.content = text(value)?,
            "reasoning_content" => read.reasoning_content = text(value)?,
            "tool_calls" => read.tool_calls = typed(value)?.unwrap_or_default(),
            _ => {}
        }
    }
    Some(())
}

/// A text, or nothing where it is null.
fn text(value: Raw<'_>) -> Option<Option<String>> {
    match value.kind() {
        Kind::Null => Some(None),
        _ => value.string().map(|text| Some(text.into_owned())),
    }
}

/// A number that is not negative, or nothing where it is null.
fn whole(value: Raw<'_>) -> Option<Option<i64>> {
    match value.kind() {
        Kind::Null => Some(None),
        _ => i64::try_from(value.unsigned()?).ok().map(Some),
    }
}

/// Anything else, or nothing where it is null.
fn typed<T: DeserializeOwned>(value: Raw<'_>) -> Option<Option<T>> {
    match value.kind() {
        Kind::Null => Some(None),
        _ => serde_json::from_str(value.raw()).ok().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::ChatChunk;
    use pangulm_core::chat_stream::{ChatStream, Progress};
    use pangulm_core::{Error, Operation};

    fn read(json: &str) -> Result<ChatChunk, Error> {
        let operation = Operation::find("createChatCompletionV2Stream").unwrap();
        let mut stream = ChatStream::new(operation, None);
        stream.push(format!("data: {json}\n\n").as_bytes());
        match stream.progress() {
            Progress::Chunk(chunk) => ChatChunk::try_from(&chunk),
            other => panic!("{json}: {other:?}"),
        }
    }

    #[test]
    fn a_chunk_is_what_serde_makes_of_its_text() {
        let increments = [
            "{}",
            "null",
            r#"{"role":"assistant","content":""}"#,
            r#"{"content":"\u957f\n江","reasoning_content":null,"x":[1]}"#,
            r#"{"tool_calls":[{"index":1,"id":"t","function":{"name":"f","arguments":"{"}}]}"#,
            r#"{"tool_calls":null}"#,
            r#"{"content":5}"#,
            r#"{"content":"\ud800"}"#,
            r#"{"tool_calls":7}"#,
            "5",
            "[]",
        ];
        let choices = [
            r#"[{"index":1,"delta":D,"finish_reason":"stop","stop_reason":7}]"#,
            r#"[{"delta":D,"finish_reason":null},{"index":1,"delta":D,"finish_reason":"new"}]"#,
            r#"[{"index":-1,"delta":D}]"#,
            r#"[{"delta":D,"finish_reason":{}}]"#,
            r#"[{}]"#,
            "[]",
            "[1]",
            "null",
            "{}",
        ];
        let members = [
            r#""id":"c\"1","created":1740816000,"model":"m","x":{"y":1}"#,
            r#""id":null,"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"#,
            r#""usage":null,"created":-1"#,
            r#""created":1.5"#,
            r#""model":{}"#,
        ];
        let mut read_well = 0;
        for members in members {
            for choices in choices {
                for increment in increments {
                    let json = format!(r#"{{{members},"choices":{choices}}}"#);
                    let json = json.replace('D', increment);
                    let expected = serde_json::from_str::<ChatChunk>(&json);
                    match (read(&json), expected) {
                        (Ok(read), Ok(expected)) => {
                            assert_eq!(read.json(), json);
                            let expected = ChatChunk { json, ..expected };
                            assert_eq!(format!("{read:?}"), format!("{expected:?}"));
                            read_well += 1;
                        }
                        (Err(error), Err(expected)) => {
                            assert!(error.to_string().contains(&expected.to_string()), "{error}");
                        }
                        (read, expected) => panic!("{json}: {read:?}, {expected:?}"),
                    }
                }
            }
        }
        assert!(read_well > 100, "{read_well}");
    }
}
