//! Whole answers.

use pangulm_core::Error;
use serde::Deserialize;
use serde_json::Value;

use super::{FinishReason, Message, ToolCall, null_as_default};

/// A whole answer, from [`Chat::create`](super::Chat::create) or put together from a stream.
///
/// Members that this version does not know are in [`json`](Self::json).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ChatCompletion {
    /// The answer's own id.
    pub id: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created: Option<i64>,
    /// The model that answered.
    pub model: Option<String>,
    /// The answers: one, unless more were asked for with `n`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub choices: Vec<Choice>,
    /// The tokens used.
    pub usage: Option<Usage>,
    #[serde(skip)]
    json: String,
    #[serde(skip)]
    request_id: Option<String>,
}

/// One answer of a [`ChatCompletion`].
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Choice {
    /// Its number, from 0.
    #[serde(default)]
    pub index: u64,
    /// What the model said.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: Answer,
    /// Why it ended; older deployments do not say.
    pub finish_reason: Option<FinishReason>,
    /// The id or the text of the token that ended it; none for its natural end.
    pub stop_reason: Option<Value>,
}

/// What the model said.
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct Answer {
    /// `assistant` in every example of the reference.
    pub role: Option<String>,
    /// The text.
    pub content: Option<String>,
    /// The train of thought of a thinking model.
    pub reasoning_content: Option<String>,
    /// The functions that the model wants called.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tool_calls: Vec<ToolCall>,
}

/// Tokens used. In a V1 stream every chunk has the totals so far.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the conversation sent.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    #[serde(default)]
    pub completion_tokens: u64,
    /// Both together.
    #[serde(default)]
    pub total_tokens: u64,
}

impl ChatCompletion {
    pub(super) fn read(json: &[u8]) -> serde_json::Result<Self> {
        let read: Self = serde_json::from_slice(json)?;
        Ok(Self {
            json: String::from_utf8_lossy(json).into_owned(),
            ..read
        })
    }

    /// The answer that an error keeps because the platform cut it short, whole or streamed; none
    /// for errors of other kinds.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client, request: pangulm::chat::ChatRequest) {
    /// use pangulm::chat::ChatCompletion;
    ///
    /// match client.chat().create(request).await {
    ///     Ok(answer) => println!("{}", answer.text()),
    ///     Err(error) if error.is_content_filtered() => {
    ///         let part = ChatCompletion::cut_short(&error);
    ///         println!("filtered after {:?}", part.as_ref().map(ChatCompletion::text));
    ///     }
    ///     Err(error) => eprintln!("{error}"),
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn cut_short(error: &Error) -> Option<Self> {
        let cut_short = error.is_content_filtered() || error.is_out_of_resources();
        let completion = Self::read(error.body().filter(|_| cut_short)?).ok()?;
        Some(completion.with_request_id(error.request_id().map(str::to_owned)))
    }

    pub(super) fn with_request_id(mut self, id: Option<String>) -> Self {
        self.request_id = id;
        self
    }

    /// The text of the first answer; empty if it has none.
    #[must_use]
    pub fn text(&self) -> &str {
        self.first()
            .and_then(|answer| answer.content.as_deref())
            .unwrap_or_default()
    }

    /// The train of thought of the first answer; empty if it has none.
    #[must_use]
    pub fn reasoning(&self) -> &str {
        self.first()
            .and_then(|answer| answer.reasoning_content.as_deref())
            .unwrap_or_default()
    }

    /// The functions that the first answer wants called.
    #[must_use]
    pub fn tool_calls(&self) -> &[ToolCall] {
        self.first()
            .map(|answer| answer.tool_calls.as_slice())
            .unwrap_or_default()
    }

    /// Why the first answer ended.
    #[must_use]
    pub fn finish_reason(&self) -> Option<&FinishReason> {
        self.choices.first()?.finish_reason.as_ref()
    }

    /// The first answer as a turn, to go on with the conversation.
    #[must_use]
    pub fn message(&self) -> Message {
        match self.first() {
            Some(answer) => answer.into(),
            None => Message::assistant(""),
        }
    }

    /// The answer as it came; of a stream, as it was put together.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The platform's id of the request: support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn first(&self) -> Option<&Answer> {
        self.choices.first().map(|choice| &choice.message)
    }
}
