//! What a search with a model is made of: embedding texts, ranking documents, planning queries.
//!
//! The services have one address and no deployment in their paths. An embedding deployment serves 6
//! queries a second, a planning one 10 (for each inference unit).

pub use crate::generated::pangu::types::{Embedding, EmbeddingType, SearchPlan, SearchReturn};

use bytes::Bytes;
use pangulm_core::{Error, Operation};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::chat::to_json;
use crate::driver::{Driver, Request};

/// Embeds, ranks and plans; from [`Client::search`](crate::Client::search).
#[derive(Clone, Debug)]
pub struct Search {
    driver: Driver,
}

impl Search {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Turns a text of 1 to 1000 characters into a vector, to be compared with those of documents.
    ///
    /// # Errors
    /// The text is empty or too long, or the call failed. The service's `ret` is the error's code, its
    /// `msg` the message.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// let river = client.search().embed("长江有多长").await?;
    /// println!("{} numbers", river.vector().len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn embed(&self, query: impl Into<String>) -> Result<Embedding, Error> {
        self.ask("createEmbedding", &json!({"query": query.into()}))
            .await
    }

    /// The same, to be compared with what is named: documents or other queries.
    ///
    /// # Errors
    /// As for [`embed`](Self::embed).
    pub async fn embed_for(
        &self,
        kind: EmbeddingType,
        query: impl Into<String>,
    ) -> Result<Embedding, Error> {
        let body = json!({"query": query.into(), "embedding_type": kind.as_str()});
        self.ask("createEmbedding", &body).await
    }

    /// Sorts documents by how well they fit a query. Path and headers are documented; the body and the
    /// answer could not be read, so both are whatever your contract says.
    ///
    /// # Errors
    /// The body is no object, or the call failed.
    pub async fn rerank(&self, body: &Value) -> Result<Value, Error> {
        self.ask("rerank", body).await
    }

    /// Says of what kind a question of 1 to 1024 characters is, and what to search for.
    ///
    /// `history` holds the turns before, oldest first: question, answer, question, answer …, at most
    /// 50 texts. An answer may be empty but must hold its place. The last 5 turns are used, and the
    /// first 500 characters of the question.
    ///
    /// # Errors
    /// The question is empty or too long, the number of texts is odd or over 50, one of the earlier
    /// questions is empty, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// let plan = client.search().plan("它有多长", ["长江在哪里", "长江在中国。"]).await?;
    /// println!("{:?}: {:?}", plan.category, plan.extra);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn plan<T: Into<String>>(
        &self,
        query: impl Into<String>,
        history: impl IntoIterator<Item = T>,
    ) -> Result<SearchPlan, Error> {
        let history: Vec<String> = history.into_iter().map(Into::into).collect();
        let body = json!({"query": query.into(), "history": history});
        self.ask("planSearch", &body).await
    }

    async fn ask<T: DeserializeOwned>(&self, operation_id: &str, body: &Value) -> Result<T, Error> {
        let operation = Operation::find(operation_id)?;
        let request = Request {
            operation,
            parameters: Vec::new(),
            body: Some(Bytes::from(to_json(operation, body)?)),
        };
        self.driver.call(request).await?.json()
    }
}

impl Embedding {
    /// The vector; empty if the service gave none.
    #[must_use]
    pub fn vector(&self) -> &[f64] {
        self.embedding
            .as_deref()
            .and_then(<[_]>::first)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}
