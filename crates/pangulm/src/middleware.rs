//! What stands around every attempt of every call.
//!
//! A middleware is a function of a request and of [`Next`], which sends it on its way. It may look at
//! the request and at the answer, change them, wait, or answer by itself:
//!
//! ```
//! use pangulm::Client;
//! use pangulm::middleware::{Next, Request};
//!
//! let client = Client::builder()
//!     .api_key("the-key-from-the-console")
//!     .middleware(|mut request: Request, next: Next| async move {
//!         let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
//!         request.headers_mut().insert("traceparent", trace.parse()?);
//!         let operation = next.operation();
//!         let response = next.run(request).await?;
//!         println!("{operation} {}", response.status());
//!         Ok(response)
//!     })
//!     .build()?;
//! # Ok::<(), pangulm::Error>(())
//! ```
//!
//! Calls of every layer pass through it, streams too, whose body comes piece by piece, and requests to
//! IAM for a token. Retries are outside: each attempt passes.
//! [`Client::obs`](crate::Client::obs) has none.
//!
//! - **It sees secrets.** The credential is among the headers, marked as sensitive, and the body of a
//!   login is a password. Log operations and statuses, not requests.
//! - **Requests come signed.** With an access key, a change of the method, the URL, the body or a
//!   header that is signed (`host`, `x-sdk-*`, `x-project-id`, `x-domain-id`, `x-security-token`) makes
//!   the service refuse them with status 401, and five refusals lock the key for five minutes. Other
//!   headers may be added.
//! - **Errors.** A [`NoAnswer`] of [`Next::run`], handed on as it is, means a lost connection, after
//!   which the call may be sent again. Any other error ends the call: an [`Error`] as it is, anything
//!   else as the [`source`](std::error::Error::source) of one that
//!   [`is_cancelled`](Error::is_cancelled).
//! - **Time.** The call's time goes on. When it is over, or the call is dropped, the middleware is
//!   dropped where it waits.
//!
//! An answer of its own is an [`http::Response`]:
//!
//! ```
//! use pangulm::middleware::{Next, Request, http};
//!
//! let cached = |request: Request, next: Next| async move {
//!     if next.operation() != "countTokens" {
//!         return next.run(request).await;
//!     }
//!     let answer = http::Response::builder()
//!         .header("content-type", "application/json")
//!         .body(r#"{"token_number": 1, "tokens": ["你好"]}"#)?;
//!     Ok(answer.into())
//! };
//! let client = pangulm::Client::builder().middleware(cached).build()?;
//! # Ok::<(), pangulm::Error>(())
//! ```

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use pangulm_core::call::Failure;
use pangulm_core::{Error, Operation};

pub use http;
pub use reqwest;
pub use reqwest::{Request, Response};

use crate::driver::{Http, of_reqwest};
use crate::token::{BoxError, ended_by};

type Answering = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;
type Function = Arc<dyn Fn(Request, Next) -> Answering + Send + Sync>;

/// Sends a request on its way: to the next middleware, or at last to the service.
#[derive(Clone)]
pub struct Next {
    chain: Chain,
    /// How many have had the request.
    passed: usize,
    http: Http,
    operation: &'static Operation,
}

impl Next {
    /// The operation called, by its id in the spec, such as `createChatCompletionV1`. A request to IAM
    /// for a token has that of the call that needs it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// Sends the request, and waits for the head of the answer. Of a clone, it can be asked again.
    ///
    /// # Errors
    /// [`NoAnswer`], or what a middleware further on ends the call with.
    pub async fn run(mut self, request: Request) -> Result<Response, BoxError> {
        if let Some(function) = self.chain.0.get(self.passed).map(Arc::clone) {
            self.passed += 1;
            return function(request, self).await;
        }
        let sent = self.http.towards(request.url()).execute(request).await;
        sent.map_err(|error| NoAnswer(of_reqwest(&error)).into())
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Next")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// No answer came: the connection could not be made, or broke.
#[derive(Debug)]
pub struct NoAnswer(Failure);

impl fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "no answer came: {}", self.0.message)
    }
}

impl std::error::Error for NoAnswer {}

/// All middleware of a client, the outermost first.
#[derive(Clone, Default)]
pub(crate) struct Chain(Arc<Vec<Function>>);

impl Chain {
    pub(crate) fn push<F, A>(&mut self, function: F)
    where
        F: Fn(Request, Next) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Response, BoxError>> + Send + 'static,
    {
        let function: Function = Arc::new(move |request, next| Box::pin(function(request, next)));
        Arc::make_mut(&mut self.0).push(function);
    }

    /// Sends a request through all of them. A failure lets the call go on, an error ends it.
    pub(crate) async fn send(
        &self,
        http: &Http,
        operation: &'static Operation,
        request: Request,
    ) -> Result<Result<Response, Failure>, Error> {
        let next = Next {
            chain: self.clone(),
            passed: 0,
            http: http.clone(),
            operation,
        };
        let error = match next.run(request).await {
            Ok(response) => return Ok(Ok(response)),
            Err(error) => error,
        };
        match error.downcast::<NoAnswer>() {
            Ok(lost) => Ok(Err(lost.0)),
            Err(error) => {
                let ended = ended_by("a middleware ended the call", error).into_builder();
                Err(ended.operation(operation.id).build())
            }
        }
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} middleware", self.0.len())
    }
}
