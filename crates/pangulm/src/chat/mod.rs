//! Conversations with a model, whole or streamed, in both dialects of the platform.
//!
//! A [`ChatRequest`] that names a deployment (or none, when the client has one) goes to the
//! platform's own interface (V1); one that names a model goes to the OpenAI-compatible one (V2).
//! Requests, answers and chunks look the same for both.

mod chunk;
mod completion;
mod message;
mod request;
mod stream;
mod tool;

pub use self::chunk::{ChatChunk, ChunkChoice, Delta, FunctionDelta, ToolCallDelta};
pub use self::completion::{Answer, ChatCompletion, Choice, Usage};
pub use self::request::ChatRequest;
pub use self::stream::ChatStream;
pub use crate::generated::pangu::types::{
    ChatMessage as Message, Content, ContentPart, FinishReason, FunctionCall, FunctionDefinition,
    Role, Stop, Tool, ToolCall, ToolChoice,
};

use bytes::Bytes;
use pangulm_core::chat::{ChatTarget, Delivery, chat_target};
use pangulm_core::{Error, Operation};
use serde::{Deserialize, Deserializer, Serialize};

use crate::driver::{Driver, Request};
use crate::pieces::Pieces;

/// Asks models; from [`Client::chat`](crate::Client::chat).
#[derive(Clone, Debug)]
pub struct Chat {
    driver: Driver,
}

impl Chat {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// Deployment and model are both or neither named, the request breaks a documented rule, or the
    /// call failed; see [`Error`].
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::chat::{ChatRequest, Message};
    ///
    /// let request = ChatRequest::new([
    ///     Message::system("Answer in one sentence."),
    ///     Message::user("Which fish live in the Yangtze?"),
    /// ])
    /// .temperature(0.3)
    /// .max_tokens(600);
    /// let answer = client.chat().create(request).await?;
    /// println!("{}", answer.text());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, request: ChatRequest) -> Result<ChatCompletion, Error> {
        let (target, body) = self.prepare(request, Delivery::Whole)?;
        let response = self.driver.call(call(&target, body)).await?;
        ChatCompletion::read(response.body())
            .map(|completion| completion.with_request_id(response.request_id()))
            .map_err(|error| response.undecodable(&error.to_string()))
    }

    /// Asks and waits for the answer to begin; it then comes piece by piece.
    ///
    /// # Errors
    /// As for [`create`](Self::create); what fails later is an item of the stream.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::chat::{ChatRequest, Message};
    ///
    /// let request = ChatRequest::new([Message::user("介绍一下长江")]);
    /// let mut stream = client.chat().stream(request).await?;
    /// while let Some(chunk) = stream.next().await {
    ///     print!("{}", chunk?.text());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Error> {
        let (target, body) = self.prepare(request, Delivery::Stream)?;
        let begun = self.driver.stream(call(&target, body)).await?;
        Ok(ChatStream::new(Pieces::new(begun)))
    }

    fn prepare(
        &self,
        mut request: ChatRequest,
        delivery: Delivery,
    ) -> Result<(ChatTarget, Bytes), Error> {
        let asked = request.take_target();
        let target = chat_target(
            self.driver.settings(),
            asked.deployment.as_deref(),
            asked.pool.as_deref(),
            asked.model.as_deref(),
            delivery,
        )?;
        let request = request.complete(target.model.as_deref(), delivery);
        let body = to_json(target.operation, &request)?;
        Ok((target, body.into()))
    }
}

fn call(target: &ChatTarget, body: Bytes) -> Request<'_> {
    let parameters = [
        ("deployment_id", target.deployment.as_deref()),
        ("pool_id", target.pool.as_deref()),
    ];
    let given = |(name, value): (&'static str, Option<_>)| Some((name, value?));
    Request {
        operation: target.operation,
        parameters: parameters.into_iter().filter_map(given).collect(),
        body: Some(body),
    }
}

pub(crate) fn to_json(
    operation: &'static Operation,
    body: &impl Serialize,
) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(body).map_err(|error| {
        Error::invalid("body", format!("cannot be written as JSON: {error}"))
            .into_builder()
            .operation(operation.id)
            .build()
    })
}

/// For members that one server leaves out and another sets to null.
fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
