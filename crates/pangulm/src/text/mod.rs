//! Texts that are continued, at a deployment or in a resource pool.
//!
//! The official SDK has it and the current reference no longer lists it; no stream of it was seen, so
//! that its events look like those of a chat is inferred.

mod request;
mod stream;

pub use self::request::TextRequest;
pub use self::stream::TextStream;
pub use crate::generated::pangu::types::{TextChoice, TextChunk, TextChunkChoice, TextCompletion};

use bytes::Bytes;
use pangulm_core::chat::Delivery;
use pangulm_core::{Error, Operation};

use crate::chat::to_json;
use crate::driver::{Driver, Request};
use crate::pieces::Pieces;

/// Continues texts; from [`Client::text`](crate::Client::text).
#[derive(Clone, Debug)]
pub struct Text {
    driver: Driver,
}

impl Text {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Continues a text and waits for the whole of it.
    ///
    /// # Errors
    /// No deployment is named, the request breaks a documented rule, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::text::TextRequest;
    ///
    /// let request = TextRequest::new("长江是").max_tokens(200);
    /// println!("{}", client.text().complete(request).await?.text());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn complete(&self, request: TextRequest) -> Result<TextCompletion, Error> {
        let (operation, body) = prepare(&request, Delivery::Whole)?;
        let call = call(&request, operation, body);
        self.driver.call(call).await?.json()
    }

    /// Continues a text and waits for that to begin; it then comes piece by piece.
    ///
    /// # Errors
    /// As for [`complete`](Self::complete); what fails later is an item of the stream.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::text::TextRequest;
    ///
    /// let mut stream = client.text().stream(TextRequest::new("长江是")).await?;
    /// while let Some(chunk) = stream.next().await {
    ///     print!("{}", chunk?.text());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream(&self, request: TextRequest) -> Result<TextStream, Error> {
        let (operation, body) = prepare(&request, Delivery::Stream)?;
        let begun = self.driver.stream(call(&request, operation, body)).await?;
        Ok(TextStream::new(Pieces::new(begun)))
    }
}

fn prepare(
    request: &TextRequest,
    delivery: Delivery,
) -> Result<(&'static Operation, Bytes), Error> {
    let id = match (request.pool_id().is_some(), delivery) {
        (false, Delivery::Whole) => "createTextCompletion",
        (false, Delivery::Stream) => "createTextCompletionStream",
        (true, Delivery::Whole) => "createPoolTextCompletion",
        (true, Delivery::Stream) => "createPoolTextCompletionStream",
    };
    let operation = Operation::find(id)?;
    let body = to_json(operation, &request.body(delivery))?;
    Ok((operation, body.into()))
}

fn call<'a>(request: &'a TextRequest, operation: &'static Operation, body: Bytes) -> Request<'a> {
    let parameters = [
        ("deployment_id", request.deployment_id()),
        ("pool_id", request.pool_id()),
    ];
    let given = |(name, value): (&'static str, Option<_>)| Some((name, value?));
    Request {
        operation,
        parameters: parameters.into_iter().filter_map(given).collect(),
        body: Some(body),
    }
}

impl TextCompletion {
    /// The first continuation; empty if there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        self.choices
            .first()
            .map(|choice| choice.text.as_str())
            .unwrap_or_default()
    }
}

impl TextChunk {
    /// What the first continuation grew by; empty if it did not.
    #[must_use]
    pub fn text(&self) -> &str {
        self.choices
            .first()
            .and_then(|choice| choice.text.as_deref())
            .unwrap_or_default()
    }
}
