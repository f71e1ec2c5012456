//! The native driver: turns the engine's calls with reqwest and tokio. It has no rule of its own.

mod clock;
mod failure;
mod feed;
mod run;
mod transport;
mod waiters;

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use pangulm_core::call::Answer;
use pangulm_core::operation::Location;
use pangulm_core::{
    Arguments, CallOptions, ChatStream, Error, ErrorKind, Moment, Operation, Settings, Shared,
};
use reqwest::Certificate;
use tracing::{Instrument, Span, field, info_span};

use self::clock::Clock;
use self::run::{Outcome, run};
use self::waiters::Waiters;
use crate::middleware::Chain;
use crate::obs::Storage;
use crate::response::Response;
use crate::token::TokenFunction;

pub(crate) use self::clock::milliseconds;
pub(crate) use self::failure::{of_reqwest, timed_out};
pub(crate) use self::feed::Feed;
pub(crate) use self::transport::{Http, after};

/// Makes calls. Clones share connections, token and everything learned.
#[derive(Clone)]
pub struct Driver {
    inner: Arc<Inner>,
    overrides: Arc<Overrides>,
}

struct Inner {
    http: Http,
    shared: Arc<Shared>,
    waiters: Waiters,
    clock: Clock,
    functions: Functions,
    storage: Storage,
}

/// What the user has given to be called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Functions {
    pub(crate) token: Option<TokenFunction>,
    pub(crate) middleware: Chain,
}

/// What differs from the client's settings for the calls of one driver.
#[derive(Clone, Default)]
pub(crate) struct Overrides {
    pub(crate) timeout: Option<Duration>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) headers: Vec<(String, String)>,
}

/// What to call, and with what.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) parameters: Vec<(&'a str, &'a str)>,
    pub(crate) body: Option<Bytes>,
}

impl Driver {
    pub(crate) fn new(
        settings: Settings,
        functions: Functions,
        roots: Vec<Certificate>,
        storage: Storage,
    ) -> Result<Self, Error> {
        // Each RandomState has keys of its own, so this is a random number.
        let seed = RandomState::new().hash_one(0);
        let shared = Shared::new(settings, seed);
        Ok(Self {
            inner: Arc::new(Inner {
                http: Http::new(&roots)?,
                waiters: Waiters::new(Arc::clone(&shared)),
                shared,
                clock: Clock::start(),
                functions,
                storage,
            }),
            overrides: Arc::default(),
        })
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.inner.shared.settings()
    }

    /// What both clocks say.
    pub(crate) fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    /// What builds requests for generated clients; it sends nothing itself.
    pub(crate) fn http(&self) -> &reqwest::Client {
        self.inner.http.any()
    }

    /// What talks to hosts that the engine does not know.
    pub(crate) fn http_towards(&self, url: &reqwest::Url) -> &reqwest::Client {
        self.inner.http.towards(url)
    }

    /// The body of an answer, as a stream that is watched for silence.
    pub(crate) fn feed(&self, response: reqwest::Response) -> Feed {
        let idle_timeout = Duration::from_millis(self.settings().idle_timeout_ms());
        Feed::new(response, idle_timeout, Arc::clone(&self.inner))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.inner.shared
    }

    /// What is known about the object storage.
    pub(crate) fn storage(&self) -> &Storage {
        &self.inner.storage
    }

    pub(crate) fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// The same driver with other settings for its calls.
    pub(crate) fn overriding(mut self, change: impl FnOnce(&mut Overrides)) -> Self {
        change(Arc::make_mut(&mut self.overrides));
        self
    }

    /// Makes a call whose answer comes whole.
    pub(crate) async fn call(&self, request: Request<'_>) -> Result<Response, Error> {
        let operation = request.operation;
        if operation.is_stream() {
            return Err(not_so(operation, "answers with a stream"));
        }
        match self.run(request).await? {
            Outcome::Whole(answer, body) => Ok(Response::new(answer, body)),
            Outcome::Stream(..) => Err(not_so(operation, "answered with a stream")),
        }
    }

    /// Makes a call whose answer is a stream, and waits for it to begin.
    pub(crate) async fn stream(
        &self,
        request: Request<'_>,
    ) -> Result<(Answer, Box<ChatStream>, Feed), Error> {
        let operation = request.operation;
        match self.run(request).await? {
            Outcome::Stream(answer, decoder, response) => {
                let feed = self.feed(response);
                Ok((answer, decoder, feed))
            }
            Outcome::Whole(..) => Err(not_so(operation, "answers with no stream")),
        }
    }

    /// Makes the call that a generated client's request stands for.
    pub(crate) async fn execute(
        &self,
        operation_id: &str,
        request: reqwest::Request,
    ) -> Result<Response, Error> {
        let operation = Operation::find(operation_id)?;
        let path = operation.path_values(request.url().path())?;
        let query: Vec<_> = request.url().query_pairs().collect();
        // Only what the operation declares: the generator adds a header of its own.
        let declared = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Header);
        let headers = declared.flat_map(|parameter| {
            let values = request.headers().get_all(parameter.name).into_iter();
            values.filter_map(|value| Some((parameter.name, value.to_str().ok()?)))
        });
        let parameters = path
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(query.iter().map(|(name, value)| (&**name, &**value)))
            .chain(headers)
            .collect();
        let body = request.body().and_then(reqwest::Body::as_bytes);
        self.call(Request {
            operation,
            parameters,
            body: body.map(Bytes::copy_from_slice),
        })
        .await
    }

    async fn run(&self, request: Request<'_>) -> Result<Outcome, Error> {
        let span = span(request.operation);
        let headers = self.overrides.headers.iter();
        let arguments = Arguments {
            parameters: request.parameters,
            body: request.body.as_deref(),
            options: CallOptions {
                timeout_ms: self.overrides.timeout.map(milliseconds),
                max_retries: self.overrides.max_retries,
                headers: headers
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect(),
                driver_hashes_from: None,
            },
        };
        run(
            &self.inner,
            request.operation,
            arguments,
            request.body.as_ref(),
        )
        .instrument(span)
        .await
    }
}

fn span(operation: &'static Operation) -> Span {
    info_span!(
        "pangulm",
        operation = operation.id,
        status = field::Empty,
        attempts = field::Empty,
        request_id = field::Empty,
    )
}

fn not_so(operation: &'static Operation, what: &str) -> Error {
    Error::builder(ErrorKind::InvalidInput, format!("this operation {what}"))
        .operation(operation.id)
        .build()
}

impl fmt::Debug for Driver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Driver")
            .field("settings", self.settings())
            .finish_non_exhaustive()
    }
}
