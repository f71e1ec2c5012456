//! Counting tokens before paying for them.

use bytes::Bytes;
use pangulm_core::{Error, Operation};
use serde_json::json;

use crate::chat::to_json;
use crate::driver::{Driver, Request};
use crate::generated::pangu::types::TokenCount;

/// Counts tokens; from [`Client::tokens`](crate::Client::tokens).
#[derive(Clone, Debug)]
pub struct Tokens {
    driver: Driver,
    deployment: Option<String>,
    with_prompt: bool,
}

impl Tokens {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            driver,
            deployment: None,
            with_prompt: true,
        }
    }

    /// Counts as this deployment's model does, instead of the client's.
    #[must_use]
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.deployment = Some(id.into());
        self
    }

    /// Counts what the model would generate, too. Default: what it is given alone.
    #[must_use]
    pub fn with_generated(mut self) -> Self {
        self.with_prompt = false;
        self
    }

    /// Counts the tokens of a text, or of a dialogue: question, answer, …, question, hence an odd
    /// number of texts.
    ///
    /// # Errors
    /// The number of texts is even, no deployment is named, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// let count = client.tokens().count(["你好,请介绍下西安。"]).await?;
    /// println!("{:?} tokens: {:?}", count.token_number, count.tokens);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn count<T: Into<String>>(
        &self,
        texts: impl IntoIterator<Item = T>,
    ) -> Result<TokenCount, Error> {
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        let operation = Operation::find("countTokens")?;
        let body = to_json(
            operation,
            &json!({"data": texts, "with_prompt": self.with_prompt}),
        )?;
        let deployment = self.deployment.as_deref();
        let request = Request {
            operation,
            parameters: deployment
                .map(|id| ("deployment_id", id))
                .into_iter()
                .collect(),
            body: Some(Bytes::from(body)),
        };
        self.driver.call(request).await?.json()
    }
}
