//! The client: one for a program, cloned wherever it is needed.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use pangulm_core::{Error, Operation};
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "agents")]
use crate::agents::{Agents, Workflows};
use crate::builder::ClientBuilder;
use crate::chat::Chat;
#[cfg(feature = "data")]
use crate::data::Data;
use crate::driver::{Driver, Request};
#[cfg(feature = "iam")]
use crate::generated::iam;
use crate::generated::{NOWHERE, pangu};
use crate::job::Job;
use crate::obs::Obs;
#[cfg(feature = "prediction")]
use crate::prediction::Prediction;
use crate::response::Response;
#[cfg(feature = "science")]
use crate::science::Science;
#[cfg(feature = "search")]
use crate::search::Search;
#[cfg(feature = "supply-chain")]
use crate::supply_chain::SupplyChain;
#[cfg(feature = "text")]
use crate::text::Text;
use crate::tokens::Tokens;
#[cfg(feature = "video")]
use crate::video::Video;
#[cfg(feature = "vision")]
use crate::vision::Vision;

/// Calls the platform.
///
/// Make one for a program and clone it: clones share connections, the IAM token, and what was
/// learned about clock and credentials. It needs a tokio runtime with time and I/O enabled.
///
/// ```no_run
/// # async fn demo() -> Result<(), pangulm::Error> {
/// use pangulm::Client;
/// use pangulm::chat::{ChatRequest, Message};
///
/// let client = Client::from_env()?;
/// let request = ChatRequest::new([Message::user("介绍一下长江")]);
/// println!("{}", client.chat().create(request).await?.text());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    driver: Driver,
}

impl Client {
    /// Begins a client; see the methods of [`ClientBuilder`] for what can be set.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Makes a client of what the environment says; the methods of [`ClientBuilder`] name the
    /// variables, and [`ClientBuilder::from_env`] where credentials are looked for.
    ///
    /// # Errors
    /// A variable's value cannot stand, or a source holds half a credential; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    pub(crate) fn of(driver: Driver) -> Self {
        Self { driver }
    }

    /// Conversations with a model.
    #[must_use]
    pub fn chat(&self) -> Chat {
        Chat::new(self.driver.clone())
    }

    /// Texts that are continued.
    #[cfg(feature = "text")]
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(self.driver.clone())
    }

    /// What a search with a model is made of: embedding, ranking, planning.
    #[cfg(feature = "search")]
    #[must_use]
    pub fn search(&self) -> Search {
        Search::new(self.driver.clone())
    }

    /// Agents, which the console calls applications.
    #[cfg(feature = "agents")]
    #[must_use]
    pub fn agents(&self) -> Agents {
        Agents::new(self.driver.clone())
    }

    /// Workflows.
    #[cfg(feature = "agents")]
    #[must_use]
    pub fn workflows(&self) -> Workflows {
        Workflows::new(self.driver.clone())
    }

    /// Data sets and where they came from.
    #[cfg(feature = "data")]
    #[must_use]
    pub fn data(&self) -> Data {
        Data::new(self.driver.clone())
    }

    /// Counting tokens.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.driver.clone())
    }

    /// Forecasts of weather and sea.
    #[cfg(feature = "science")]
    #[must_use]
    pub fn science(&self) -> Science {
        Science::new(self.driver.clone())
    }

    /// Videos out of texts, images and videos.
    #[cfg(feature = "video")]
    #[must_use]
    pub fn video(&self) -> Video {
        Video::new(self.driver.clone())
    }

    /// Forecasts of demand.
    #[cfg(feature = "supply-chain")]
    #[must_use]
    pub fn supply_chain(&self) -> SupplyChain {
        SupplyChain::new(self.driver.clone())
    }

    /// Looking at images: classification, detection, segmentation.
    #[cfg(feature = "vision")]
    #[must_use]
    pub fn vision(&self) -> Vision {
        Vision::new(self.driver.clone())
    }

    /// Predicting: forecasts, classes and anomalies of time series and tables.
    #[cfg(feature = "prediction")]
    #[must_use]
    pub fn prediction(&self) -> Prediction {
        Prediction::new(self.driver.clone())
    }

    /// The object storage, where jobs find their input and leave their result.
    #[must_use]
    pub fn obs(&self) -> Obs {
        Obs::new(self.driver.clone())
    }

    /// The generated client of the inference interfaces: every operation, fully typed, plain.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::generated::pangu::types::TokenCountRequest;
    ///
    /// let count = client
    ///     .pangu()
    ///     .count_tokens()
    ///     .project_id("PROJECT")
    ///     .deployment_id("DEPLOYMENT")
    ///     .body(TokenCountRequest::builder().data(vec!["你好".to_owned()]))
    ///     .send()
    ///     .await?;
    /// println!("{:?}", count.token_number);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn pangu(&self) -> pangu::Client {
        pangu::Client::new_with_client(NOWHERE, self.driver.http().clone(), self.driver.clone())
    }

    /// The generated client of identity and access management (IAM).
    #[cfg(feature = "iam")]
    #[must_use]
    pub fn iam(&self) -> iam::Client {
        iam::Client::new_with_client(NOWHERE, self.driver.http().clone(), self.driver.clone())
    }

    /// Calls any operation by its id, with whatever body: for what the typed layers do not know.
    ///
    /// `parameters` are those of path, query and headers, not encoded; `project_id` and
    /// `deployment_id` default to the client's. `body` is sent as JSON; `None` sends no body.
    /// Credentials, checks, retries and errors are those of every other call.
    ///
    /// # Errors
    /// There is no such operation (the nearest is named), it answers with a stream, an argument is
    /// wrong, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// let body = serde_json::json!({"data": ["你好"], "with_prompt": true});
    /// let response = client.request("countTokens", &[], Some(&body)).await?;
    /// let count: serde_json::Value = response.json()?;
    /// println!("{} (request {:?})", count["token_number"], response.request_id());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn request(
        &self,
        operation_id: &str,
        parameters: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response, Error> {
        let operation = Operation::find(operation_id)?;
        let body = body
            .map(|body| crate::chat::to_json(operation, body))
            .transpose()?;
        let request = Request {
            operation,
            parameters: parameters.to_vec(),
            body: body.map(Bytes::from),
        };
        self.driver.call(request).await
    }

    /// Starts long work by the id of the operation that does so, and gives the [`Job`] to follow it.
    /// `T` is what the operation that tells its state answers with.
    ///
    /// # Errors
    /// The operation starts no long work, or its answer names no job; or the call failed.
    pub async fn start_job<T: DeserializeOwned>(
        &self,
        operation_id: &str,
        parameters: &[(&str, &str)],
        body: &Value,
    ) -> Result<Job<T>, Error> {
        let operation = Operation::find(operation_id)?;
        let body = crate::chat::to_json(operation, body)?;
        Job::start(&self.driver, operation, parameters, body).await
    }

    /// Takes up work by its [`id`](Job::id) and the id of the operation that started it.
    ///
    /// # Errors
    /// The operation starts no long work, or the id is empty.
    pub fn resume_job<T: DeserializeOwned>(
        &self,
        operation_id: &str,
        parameters: &[(&str, &str)],
        id: &str,
    ) -> Result<Job<T>, Error> {
        Job::resume(&self.driver, Operation::find(operation_id)?, parameters, id)
    }

    /// The items of a list, by the operation's id, whether it comes in pages or whole: a stream that
    /// gets a page when its first item is wanted. `parameters` are those of
    /// [`request`](Self::request); the size of a page may be among them, its position is ours.
    ///
    /// # Errors
    /// There is no such operation, or it gives no list. In the stream: a call failed, or an item is
    /// not of this type.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use futures_util::{TryStreamExt, pin_mut};
    ///
    /// let projects = client.list::<serde_json::Value>("listProjects", &[])?;
    /// pin_mut!(projects);
    /// while let Some(project) = projects.try_next().await? {
    ///     println!("{}", project["name"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list<T: DeserializeOwned>(
        &self,
        operation_id: &str,
        parameters: &[(&str, &str)],
    ) -> Result<impl Stream<Item = Result<T, Error>> + use<T>, Error> {
        crate::list::list(&self.driver, operation_id, parameters)
    }

    /// The same client with another time for whole calls; see [`ClientBuilder::timeout`].
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn demo(client: pangulm::Client, request: pangulm::chat::ChatRequest) -> Result<(), pangulm::Error> {
    /// let hasty = client.with_timeout(Duration::from_secs(20));
    /// hasty.chat().create(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.changed(|overrides| overrides.timeout = Some(timeout))
    }

    /// The same client with another number of retries; see [`ClientBuilder::max_retries`].
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

    fn changed(&self, change: impl FnOnce(&mut crate::driver::Overrides)) -> Self {
        Self::of(self.driver.clone().overriding(change))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Client")
            .field("settings", self.driver.settings())
            .finish_non_exhaustive()
    }
}
