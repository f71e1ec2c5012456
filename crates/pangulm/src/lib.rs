//! The client for Huawei Cloud's Pangu large-model platform (盘古大模型, ModelArts Studio).
//!
//! ```no_run
//! use pangulm::chat::{ChatRequest, Message};
//! use pangulm::{Client, Error};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     let client = Client::builder()
//!         .endpoint("http://127.0.0.1:8787")
//!         .project_id("7f3c1e9a5b2d4860a1c8e0f2d4b6a897")
//!         .deployment("5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045")
//!         .api_key("emulator-api-key")
//!         .build()?;
//!     let request = ChatRequest::new([Message::user("介绍一下长江")]).max_tokens(600);
//!     let mut stream = client.chat().stream(request).await?;
//!     while let Some(chunk) = stream.next().await {
//!         print!("{}", chunk?.text());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! It runs as printed on the emulator, the platform on your own machine: start that with
//! `cargo run -p pangulm-emulator -- --port 8787`. [`Client::from_env`] reads the same values from
//! the environment, so that a program goes from the emulator to the real platform without a change.
//!
//! # What there is
//!
//! - [`Client::chat`]: conversations, whole or streamed, by deployment (V1) or by model (V2), with
//!   tools and pictures. Requests, answers and chunks look the same for both.
//! - [`tools`]: functions that a model calls, run until it has its answer.
//! - [`Client::text`]: texts that are continued.
//! - [`Client::tokens`]: counting tokens.
//! - [`Client::science`], [`Client::video`] and [`Client::supply_chain`]: forecasts of weather, sea and
//!   demand, and videos. What takes its time is a [`Job`].
//! - [`Client::search`]: embedding, ranking, planning a search.
//! - [`Client::agents`] and [`Client::workflows`]: what was built in the console, run and followed
//!   event by event.
//! - [`Client::data`]: where data came from, and deleting data sets for good.
//! - [`Client::vision`]: classifying, detecting and segmenting in images.
//! - [`Client::prediction`]: forecasts, classes and anomalies of time series and tables.
//! - [`Client::obs`]: the object storage, with streams both ways, uploads in parts and presigned URLs.
//! - [`Client::pangu`] and [`Client::iam`]: the [typed clients](generated) of every operation.
//! - [`Client::request`]: any operation by its id.
//! - [`middleware`]: what stands around every request.
//!
//! All of them go through one engine, [`pangulm_core`], and so have the same credentials, checks,
//! retries and errors. [`ClientBuilder`] names every setting with its default and its variable.
//!
//! # Features
//!
//! Each area is a feature, and all are on by default: `agents` (workflows too), `data`, `iam`,
//! `prediction`, `science`, `search`, `supply-chain`, `text`, `video`, `vision`. Chats, counted
//! tokens and the object storage are always there, and so is [`Client::request`] for every operation.
//! Who needs less compiles less:
//!
//! ```toml
//! pangulm = { version = "0.1", default-features = false, features = ["vision"] }
//! ```
//!
//! # Errors
//!
//! There is one [`Error`]. Its predicates say what it means for you (`is_throttled`, `is_auth`,
//! `is_truncated` …); its getters keep the service's status, code, request id and words. What is
//! documented to be wrong is refused before anything is sent.
//!
//! ```no_run
//! # async fn demo(client: pangulm::Client, request: pangulm::chat::ChatRequest) {
//! match client.chat().create(request).await {
//!     Ok(answer) => println!("{}", answer.text()),
//!     Err(error) if error.is_throttled() => eprintln!("slow down: {error}"),
//!     Err(error) if error.is_auth() => eprintln!("check the credential: {error}"),
//!     Err(error) => eprintln!("{error} (request id {:?})", error.request_id()),
//! }
//! # }
//! ```
//!
//! # Streams
//!
//! A [`ChatStream`](chat::ChatStream) reads from the network only when it is polled. It ends well
//! only if the answer is complete: one that is cut, falls silent or is broken off by the service
//! ends in an error, and what had arrived stays in [`partial`](chat::ChatStream::partial). There is
//! no limit on how long it may take, only on silence ([`ClientBuilder::idle_timeout`]). Dropping it
//! closes the connection.
//!
//! # Tracing
//!
//! Each call is a [`tracing`] span named `pangulm` (level info) with `operation`, `status`,
//! `attempts` and `request_id`. Within it, waits before a retry are events of level info with
//! their reason; requests, answers and failures are of level debug. No secret is ever part of them.
//! The example `otel` exports them to OpenTelemetry.
//!
//! # Limits
//!
//! With [`ClientBuilder::requests_per_second`] or [`ClientBuilder::max_concurrency`] all clones stand
//! in one line and settle at the service's own limits without failing.
//!
//! # Runtime, TLS, proxies
//!
//! The client needs tokio with time and I/O enabled. TLS is rustls with the system's certificates
//! ([`ClientBuilder::root_certificate_pem`] adds to them), HTTP/2 where the server speaks it.
//! Connecting takes at most 10 seconds. Redirects are not followed. The variables `HTTPS_PROXY`,
//! `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are honoured.

#[cfg(feature = "agents")]
pub mod agents;
mod builder;
pub mod chat;
mod client;
#[cfg(feature = "data")]
pub mod data;
mod driver;
pub mod generated;
mod job;
mod list;
mod members;
pub mod middleware;
pub mod obs;
mod pieces;
#[cfg(feature = "prediction")]
pub mod prediction;
mod response;
pub mod runtime;
#[cfg(feature = "science")]
pub mod science;
#[cfg(feature = "search")]
pub mod search;
#[cfg(any(
    feature = "prediction",
    feature = "science",
    feature = "supply-chain",
    feature = "video",
    feature = "vision"
))]
mod service;
mod sources;
#[cfg(feature = "supply-chain")]
pub mod supply_chain;
#[cfg(feature = "text")]
pub mod text;
mod token;
mod tokens;
pub mod tools;
#[cfg(feature = "agents")]
mod uuid;
#[cfg(feature = "video")]
pub mod video;
#[cfg(feature = "vision")]
pub mod vision;

pub use builder::ClientBuilder;
pub use client::Client;
pub use job::{Job, JobStatus, Phase};
pub use pangulm_core::credential::Account;
pub use pangulm_core::headers::Headers;
pub use pangulm_core::{Error, ErrorKind, Operation};
pub use response::Response;
pub use token::{BoxError, Token};
pub use tokens::Tokens;
