//! The client: one for an app, cloned wherever it is needed.

use std::rc::Rc;
use std::time::Duration;

use pangulm_core::headers::Headers;
use pangulm_core::operation::ResponseKind;
use pangulm_core::{Error, ErrorKind, Operation, scan};

use super::chat::Chat;
use super::driver::{Driver, Outcome, Overrides};
use super::guard;
use super::options::Options;
use super::stream::ChatStream;

/// Calls the platform.
///
/// Make one for an app and clone it: clones share the IAM token and what was learned about clock
/// and credentials. Dropping the future of a call ends the call and closes its connection.
#[derive(Clone, Debug)]
pub struct Client {
    driver: Rc<Driver>,
    overrides: Rc<Overrides>,
}

/// A success with its whole body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The headers, by lower-case name; of another origin, only those it exposes to pages.
    pub headers: Headers,
    /// The body: JSON, or nothing where the operation gives nothing.
    pub body: String,
    /// How many requests were sent for it.
    pub attempts: u32,
}

impl Client {
    /// Checks the options and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// An option's value cannot stand, or a lasting secret is in a web page without
    /// [consent](Options::accept_secrets_in_page); the error names it.
    pub fn new(options: Options) -> Result<Self, Error> {
        guard::check(&options.settings.credentials, options.secrets)?;
        Ok(Self {
            driver: Rc::new(Driver::new(options)?),
            overrides: Rc::default(),
        })
    }

    /// Conversations with a model.
    #[must_use]
    pub fn chat(&self) -> Chat {
        Chat::new(self.clone())
    }

    /// Calls any operation by its id.
    ///
    /// `parameters` are those of path, query and headers, not encoded; `project_id` and
    /// `deployment_id` default to the client's. `body` is JSON text.
    ///
    /// # Errors
    /// There is no such operation (the nearest is named), it answers with a stream, an argument is
    /// wrong, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm_wasm::web::Client) -> Result<(), pangulm_wasm::web::Error> {
    /// let body = r#"{"data":["你好"]}"#;
    /// let answer = client.call("countTokens", &[], Some(body)).await?;
    /// let json: String = answer.body; // {"tokens":["你","好"],"token_number":2}
    /// # drop(json);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call(
        &self,
        operation_id: &str,
        parameters: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answer, Error> {
        let operation = Operation::find(operation_id)?;
        if operation.is_stream() {
            return Err(not_so(operation, "answers with a stream"));
        }
        match self.run(operation, parameters, body).await? {
            Outcome::Whole(answer, body) => read(answer, body),
            Outcome::Stream(..) => Err(not_so(operation, "answered with a stream")),
        }
    }

    /// Calls an operation that answers with a stream, as [`call`](Self::call) calls the others, and
    /// waits for that to begin. A run of an agent or workflow gives its events as they come.
    ///
    /// # Errors
    /// As for [`call`](Self::call); what fails later is an item of the stream.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm_wasm::web::Client) -> Result<(), pangulm_wasm::web::Error> {
    /// let parameters = [
    ///     ("agent_id", "AGENT"),
    ///     ("conversation_id", "4c0dcef2-7f8f-4c57-93c7-484c03b0a216"),
    /// ];
    /// let question = r#"{"query":"贵阳今天天气怎么样"}"#;
    /// let mut run = client.stream("runAgent", &parameters, question).await?;
    /// while let Some(event) = run.next().await {
    ///     let json: String = event?; // {"event":"message","content":"晴"}
    /// #   drop(json);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stream(
        &self,
        operation_id: &str,
        parameters: &[(&str, &str)],
        body: &str,
    ) -> Result<ChatStream, Error> {
        let operation = Operation::find(operation_id)?;
        let idle_timeout_ms = self.settings().idle_timeout_ms();
        match self.run(operation, parameters, Some(body)).await? {
            Outcome::Stream(answer, decoder, body) => {
                let driver = self.driver();
                Ok(ChatStream::new(
                    answer,
                    decoder,
                    body,
                    idle_timeout_ms,
                    driver,
                ))
            }
            Outcome::Whole(..) => Err(not_so(operation, "answers with no stream")),
        }
    }

    /// The same client with another time for whole calls, in whole milliseconds.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let milliseconds = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        self.changed(|overrides| overrides.timeout_ms = Some(milliseconds))
    }

    /// The same client with another number of retries.
    #[must_use]
    pub fn with_max_retries(&self, retries: u32) -> Self {
        self.changed(|overrides| overrides.max_retries = Some(retries))
    }

    /// The same client with one more header for its calls. Those that credentials and signatures
    /// are made of are refused when a call is made.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        self.changed(|overrides| {
            overrides.headers.push((name.to_owned(), value.to_owned()));
        })
    }

    fn changed(&self, change: impl FnOnce(&mut Overrides)) -> Self {
        let mut changed = self.clone();
        change(Rc::make_mut(&mut changed.overrides));
        changed
    }

    pub(super) fn driver(&self) -> Rc<Driver> {
        Rc::clone(&self.driver)
    }

    pub(super) fn settings(&self) -> &pangulm_core::Settings {
        self.driver.settings()
    }

    pub(super) async fn run(
        &self,
        operation: &'static Operation,
        parameters: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Outcome, Error> {
        let parameters = parameters.to_vec();
        self.driver
            .run(operation, parameters, body, &self.overrides)
            .await
    }
}

/// The answer with its body as text, once that is known to be what the operation gives.
pub(super) fn read(answer: pangulm_core::call::Answer, body: Vec<u8>) -> Result<Answer, Error> {
    let text = String::from_utf8(body)
        .map_err(|error| answer.undecodable("it is not UTF-8", error.as_bytes()))?;
    let wants_json = answer.operation.response != ResponseKind::Empty && !text.is_empty();
    if wants_json && scan::parse(&text).is_none() {
        return Err(answer.undecodable("it is not JSON", text.as_bytes()));
    }
    Ok(Answer {
        status: answer.status,
        headers: answer.headers,
        body: text,
        attempts: answer.attempts,
    })
}

pub(super) fn not_so(operation: &'static Operation, what: &str) -> Error {
    Error::builder(ErrorKind::InvalidInput, format!("this operation {what}"))
        .operation(operation.id)
        .build()
}
