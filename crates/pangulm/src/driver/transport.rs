//! Sending requests and reading bodies, exactly as the engine asks.

use std::time::Duration;

use bytes::Bytes;
use pangulm_core::address::is_loopback;
use pangulm_core::call::{Failure, Header, Request, RequestBody};
use pangulm_core::headers::Headers;
use pangulm_core::{Error, ErrorKind, Operation};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Method, Url, redirect};
use tokio::time::{Instant, timeout_at};

use super::failure;
use crate::middleware::Chain;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than the minute after which gateways usually close, so that no request meets that.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(45);
/// An HTTP/2 connection that a call waits on is asked for a sign of life so often.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// HTTP clients with a pool each.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    /// By way of the proxy that the environment names, if it does.
    outward: reqwest::Client,
    /// A proxy elsewhere could not find this machine's loopback.
    loopback: reqwest::Client,
}

impl Http {
    pub(super) fn new(roots: &[Certificate]) -> Result<Self, Error> {
        Ok(Self {
            outward: finish(builder(roots))?,
            loopback: finish(builder(roots).no_proxy())?,
        })
    }

    /// One that generated clients build their requests with; they send nothing by it.
    pub(super) fn any(&self) -> &reqwest::Client {
        &self.outward
    }

    pub(crate) fn towards(&self, url: &Url) -> &reqwest::Client {
        match url.host_str() {
            Some(host) if is_loopback(host) => &self.loopback,
            _ => &self.outward,
        }
    }
}

/// The HTTP client's settings. Redirects are answers: following one would send a credential elsewhere.
fn builder(roots: &[Certificate]) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("pangulm/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL);
    // Only on request: it changes how the platform's verifier is set up.
    if roots.is_empty() {
        builder
    } else {
        builder.tls_certs_merge(roots.iter().cloned())
    }
}

fn finish(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
    builder.build().map_err(|error| {
        Error::builder(
            ErrorKind::Internal,
            format!("no HTTP client could be made: {}", failure::reason(&error)),
        )
        .build()
    })
}

/// An answer whose head has come.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) response: reqwest::Response,
    deadline: Instant,
}

impl Arrived {
    pub(super) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub(super) fn headers(&self) -> Headers {
        // A header that is not UTF-8 is nothing the engine could read.
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        self.response
            .headers()
            .iter()
            .map(|(name, value)| (name, text(value)))
            .collect()
    }

    /// The whole body, if it has at most `limit` bytes.
    pub(super) async fn whole(mut self, limit: usize) -> Result<Bytes, Failure> {
        let announced = self.response.content_length().unwrap_or_default();
        if usize::try_from(announced).is_ok_and(|length| length > limit) {
            return Err(failure::too_large());
        }
        // Most bodies come in one piece, which then needs no copy.
        let Some(first) = self.piece().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.piece().await? else {
            return if first.len() > limit {
                Err(failure::too_large())
            } else {
                Ok(first)
            };
        };
        let mut body = [first, second].concat();
        while body.len() <= limit {
            let Some(piece) = self.piece().await? else {
                return Ok(body.into());
            };
            body.extend_from_slice(&piece);
        }
        Err(failure::too_large())
    }

    /// The first `limit` bytes of the body.
    pub(super) async fn beginning(mut self, limit: usize) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while body.len() < limit {
            let Some(piece) = self.piece().await? else {
                break;
            };
            body.extend_from_slice(&piece);
        }
        body.truncate(limit);
        Ok(body)
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        match timeout_at(self.deadline, self.response.chunk()).await {
            Ok(piece) => piece.map_err(|error| failure::of_reqwest(&error)),
            Err(_) => Err(failure::timed_out()),
        }
    }
}

/// Sends a request through what the user has put around it, and waits for the head of its answer.
pub(super) async fn send(
    (http, chain): (&Http, &Chain),
    operation: &'static Operation,
    request: Request,
    callers: Option<&Bytes>,
) -> Result<Result<Arrived, Failure>, Error> {
    let deadline = after(request.timeout_ms);
    let request = build(request, callers)?;
    Ok(
        match timeout_at(deadline, chain.send(http, operation, request)).await {
            Ok(sent) => sent?.map(|response| Arrived { response, deadline }),
            Err(_) => Err(failure::timed_out()),
        },
    )
}

/// The moment so many milliseconds from now, at most some decades away.
pub(crate) fn after(milliseconds: u64) -> Instant {
    const DECADES: u64 = 30 * 365 * 86_400_000;
    Instant::now() + Duration::from_millis(milliseconds.min(DECADES))
}

fn build(request: Request, callers: Option<&Bytes>) -> Result<reqwest::Request, Error> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| unsendable("method"))?;
    let url = Url::parse(&request.url).map_err(|_| unsendable("address"))?;
    // What was signed is what must be sent. Only a host can differ, such as 127.1 or [0::1].
    if url.as_str() != request.url {
        let host = url.authority();
        return Err(Error::invalid(
            "endpoint",
            format!("must be written in its usual form, with the host {host}"),
        ));
    }
    let mut built = reqwest::Request::new(method, url);
    *built.headers_mut() = header_map(&request.headers)?;
    *built.body_mut() = match request.body {
        RequestBody::Empty => None,
        RequestBody::Callers => callers.cloned().map(Into::into),
        // Wiped from memory once it is sent.
        RequestBody::Own(text) => Some(Bytes::from_owner(text).into()),
    };
    Ok(built)
}

fn header_map(headers: &[Header]) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name =
            HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| unsendable("header"))?;
        let mut value =
            HeaderValue::from_str(&header.value).map_err(|_| unsendable(name.as_str()))?;
        value.set_sensitive(header.is_secret());
        map.append(name, value);
    }
    Ok(map)
}

/// The engine has checked all of it, so this is a fault of ours.
fn unsendable(part: &str) -> Error {
    Error::builder(
        ErrorKind::Internal,
        format!("the HTTP client cannot send this {part} as it stands. Please report this"),
    )
    .build()
}
