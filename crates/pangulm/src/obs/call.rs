//! One request to OBS: signed, sent, sent again where that is right.

use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use pangulm_core::call::{Failure, FailureKind};
use pangulm_core::headers::Headers;
use pangulm_core::{Error, ErrorKind};
use pangulm_signer::obs::{Address, Dialect, Request, presign, sign};
use pangulm_signer::{SignError, SigningDate};
use reqwest::header::{CONTENT_LENGTH, HeaderValue};
use reqwest::{Method, Response, Url};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span, debug, field, info, info_span};

use super::body::{Body, Content};
use super::failure::{refused, unreachable};
use super::keys::{self, Key};
use super::storage::Place;
use crate::driver::{Driver, after, milliseconds, of_reqwest, timed_out};

/// How much of a refusal is read.
const REFUSAL_BYTES: usize = 64 * 1024;

/// How far the time of a request may be from OBS's own, in seconds.
const SKEW: u64 = 15 * 60;

/// What is asked of OBS.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    pub(super) operation: &'static str,
    pub(super) method: Method,
    pub(super) key: Option<&'a str>,
    pub(super) query: Vec<(&'a str, Option<&'a str>)>,
    /// Names as OBS has them; `x-obs-` is changed to AWS's prefix where that is spoken.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Body>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(operation: &'static str, method: Method, key: Option<&'a str>) -> Self {
        Self {
            operation,
            method,
            key,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(super) fn query(mut self, name: &'a str, value: Option<&'a str>) -> Self {
        self.query.push((name, value));
        self
    }

    pub(super) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }
}

/// A success whose head has come.
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) headers: Headers,
    deadline: Instant,
    operation: &'static str,
}

/// Makes a call.
pub(super) async fn call(driver: &Driver, place: &Place, ask: Ask<'_>) -> Result<Answer, Error> {
    let span = info_span!(
        "pangulm",
        operation = ask.operation,
        status = field::Empty,
        attempts = field::Empty,
        request_id = field::Empty,
    );
    attempts(driver, place, ask).instrument(span).await
}

async fn attempts(driver: &Driver, place: &Place, mut ask: Ask<'_>) -> Result<Answer, Error> {
    let settings = driver.settings();
    let overrides = driver.overrides();
    let timeout = overrides
        .timeout
        .map_or(settings.timeout_ms(), milliseconds);
    let deadline = after(timeout);
    let most = overrides.max_retries.unwrap_or(settings.max_retries());
    let mut body = ask.body.take();
    let mut key = keys::key(driver, None).await?;
    let (mut retries, mut clock_mended, mut key_renewed) = (0, false, false);
    for attempt in 1.. {
        let request = build(driver, place, &ask, &key)?;
        let (request, repeatable) = with_body(request, &mut body);
        let failed = match send(driver, &ask, request, deadline).await? {
            Ok(answer) if answer.response.status().is_success() => {
                note(&answer, attempt);
                driver.shared().request_succeeded();
                return Ok(answer);
            }
            Ok(answer) => {
                let taken = driver.storage().skew.load(Ordering::Relaxed);
                Failed::Refused(judge(&ask, answer, &key, taken).await)
            }
            Err((failure, host)) => Failed::Unreached(failure, host),
        };
        let (error, wait) = match failed {
            // Once: a clock that stays wrong is not to be asked about for ever.
            Failed::Refused((error, Some(ahead))) if !clock_mended && repeatable => {
                driver.storage().skew.store(ahead, Ordering::Relaxed);
                clock_mended = true;
                (error, Some(0))
            }
            Failed::Refused((error, _)) if lost_key(&error, &key) && !key_renewed && repeatable => {
                key_renewed = true;
                key = keys::key(driver, Some(&key)).await?;
                (error, Some(0))
            }
            Failed::Refused((error, _)) => {
                let again = retries < most && repeatable && may_repeat(&ask.method, &error);
                let wait = again
                    .then(|| driver.shared().retry_wait_ms(retries))
                    .flatten();
                let wait = wait.map(|wait| error.retry_after_ms().unwrap_or(wait));
                retries += 1;
                (error, wait)
            }
            Failed::Unreached(failure, host) => {
                let safe = failure.kind == FailureKind::NotConnected || ask.method != Method::POST;
                let error = unreachable(ask.operation, &failure, &host);
                // A certificate does not change from one attempt to the next.
                let again = retries < most && repeatable && safe && error.remedy().is_none();
                let wait = again
                    .then(|| driver.shared().retry_wait_ms(retries))
                    .flatten();
                retries += 1;
                (error, wait)
            }
        };
        let wait = wait.map(Duration::from_millis);
        match wait.filter(|wait| Instant::now() + *wait < deadline) {
            Some(wait) => {
                info!(wait_ms = milliseconds(wait), reason = %error, "waiting before a retry");
                sleep(wait).await;
            }
            None => {
                debug!(attempt, %error, "the call failed");
                return Err(error.into_builder().attempts(attempt).build());
            }
        }
    }
    Err(Error::builder(ErrorKind::Internal, "more attempts than can be counted").build())
}

/// Why an attempt failed.
enum Failed {
    /// By OBS's word; with the seconds by which its clock is ahead, if that is why.
    Refused((Error, Option<i64>)),
    /// Without an answer, from this host.
    Unreached(Failure, String),
}

/// The error of a refusal, of a request that took OBS's clock to be `taken` seconds ahead.
async fn judge(ask: &Ask<'_>, answer: Answer, key: &Key, taken: i64) -> (Error, Option<i64>) {
    let status = answer.response.status().as_u16();
    let headers = answer.headers.clone();
    let body = answer.beginning(REFUSAL_BYTES).await;
    let token = key.security_token.as_ref().map(|token| token.expose());
    let error = refused(ask.operation, (status, &headers), &body, token);
    let ahead = headers.date().and_then(|date| {
        let date = i64::try_from(date).ok()?;
        date.checked_sub(i64::try_from(unix_seconds()).ok()?)
    });
    // A HEAD is refused without words: there only the date tells.
    let skewed = |ahead: &i64| match error.code() {
        Some(code) => code == "RequestTimeTooSkewed",
        None => status == 403 && ahead.abs_diff(taken) >= SKEW,
    };
    let ahead = ahead.filter(skewed);
    (error, ahead)
}

/// Whether a temporary key has ended. A HEAD is refused without words.
fn lost_key(error: &Error, key: &Key) -> bool {
    let codes = ["InvalidAccessKeyId", "AccessDenied"];
    let ended = match error.code() {
        Some(code) => codes.contains(&code),
        None => error.status() == Some(403),
    };
    key.security_token.is_some() && ended
}

fn may_repeat(method: &Method, error: &Error) -> bool {
    match error.status() {
        Some(429 | 503) => true,
        Some(408 | 500..=599) => method != Method::POST && error.status() != Some(507),
        _ => false,
    }
}

/// The request without its body, and the host it goes to.
fn build(
    driver: &Driver,
    place: &Place,
    ask: &Ask<'_>,
    key: &Key,
) -> Result<reqwest::Request, Error> {
    let endpoint = endpoint(driver, place);
    let (address, dialect) = place.address(&endpoint);
    let mut headers = named(&ask.headers, dialect);
    if let Some(token) = &key.security_token {
        headers.push((token_name(dialect).to_owned(), token.expose().to_owned()));
    }
    headers.extend(driver.overrides().headers.iter().cloned());
    let pairs: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let request = request(ask, &endpoint, address, &pairs);
    let signed =
        sign(&request, dialect, &key.signing, now(driver)?).map_err(|error| unsignable(&error))?;
    let url = exact(signed.url())?;
    let mut built = reqwest::Request::new(ask.method.clone(), url);
    for (name, value) in pairs.iter().copied() {
        insert(&mut built, name, value)?;
    }
    for (name, value) in signed.headers() {
        insert(&mut built, name, value)?;
    }
    Ok(built)
}

/// A URL that makes this request good for whoever has it.
pub(super) async fn presigned(
    driver: &Driver,
    place: &Place,
    ask: &Ask<'_>,
    lifetime: Duration,
) -> Result<String, Error> {
    let key = keys::key(driver, None).await?;
    let endpoint = endpoint(driver, place);
    let (address, dialect) = place.address(&endpoint);
    let headers = named(&ask.headers, dialect);
    let pairs: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let mut request = request(ask, &endpoint, address, &pairs);
    let mut query = ask.query.clone();
    if let Some(token) = &key.security_token {
        query.push((token_name(dialect), Some(token.expose())));
    }
    request.query = &query;
    let url = presign(
        &request,
        dialect,
        &key.signing,
        now(driver)?,
        lifetime.as_secs(),
    )
    .map_err(|error| unsignable(&error))?;
    Ok(url.as_str().to_owned())
}

fn endpoint(driver: &Driver, place: &Place) -> String {
    match place {
        Place::Domain(base) => base.clone(),
        Place::Bucket(_) => driver.storage().endpoint(driver.settings().region()),
    }
}

fn request<'a>(
    ask: &'a Ask<'_>,
    endpoint: &'a str,
    address: Address<'a>,
    headers: &'a [(&'a str, &'a str)],
) -> Request<'a> {
    Request {
        method: ask.method.as_str(),
        endpoint,
        address,
        key: ask.key,
        query: &ask.query,
        headers,
    }
}

/// The headers with the prefix of the dialect.
fn named(headers: &[(String, String)], dialect: Dialect) -> Vec<(String, String)> {
    let pairs = headers.iter().map(|(name, value)| {
        let name = match (dialect, name.strip_prefix("x-obs-")) {
            (Dialect::AwsV2, Some(rest)) => format!("x-amz-{rest}"),
            _ => name.clone(),
        };
        (name, value.clone())
    });
    pairs.collect()
}

fn token_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Obs => "x-obs-security-token",
        Dialect::AwsV2 => "x-amz-security-token",
    }
}

/// Now, as OBS's clock has it.
fn now(driver: &Driver) -> Result<SigningDate, Error> {
    let ahead = driver.storage().skew.load(Ordering::Relaxed);
    let seconds = unix_seconds().saturating_add_signed(ahead);
    SigningDate::from_unix_seconds(seconds).map_err(|error| unsignable(&error))
}

fn unix_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// What was signed is what must be sent.
fn exact(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).ok().filter(|url| url.as_str() == text);
    url.ok_or_else(|| Error::invalid("obs_endpoint", "must be written in its usual form"))
}

fn insert(request: &mut reqwest::Request, name: &str, value: &str) -> Result<(), Error> {
    let secret = name == "authorization" || name.ends_with("-security-token");
    let parsed = reqwest::header::HeaderName::from_bytes(name.as_bytes()).ok();
    let pair = parsed.zip(HeaderValue::from_str(value).ok());
    let Some((name, mut value)) = pair else {
        return Err(Error::invalid(name, "cannot be sent as a header"));
    };
    value.set_sensitive(secret);
    request.headers_mut().insert(name, value);
    Ok(())
}

fn unsignable(error: &SignError) -> Error {
    Error::builder(ErrorKind::InvalidInput, error.to_string()).build()
}

/// Adds the body. Says whether the request can be sent once more after this one.
fn with_body(mut request: reqwest::Request, body: &mut Option<Body>) -> (reqwest::Request, bool) {
    let (sent, kept) = match body.take() {
        None => return (request, true),
        Some(Body {
            content: Content::Bytes(bytes),
            length,
        }) => {
            let kept = Body {
                content: Content::Bytes(bytes.clone()),
                length,
            };
            (
                Body {
                    content: Content::Bytes(bytes),
                    length,
                },
                Some(kept),
            )
        }
        Some(stream) => (stream, None),
    };
    request
        .headers_mut()
        .insert(CONTENT_LENGTH, sent.length.into());
    *request.body_mut() = Some(match sent.content {
        Content::Bytes(bytes) => bytes.into(),
        Content::Stream(body) => body,
    });
    let repeatable = kept.is_some();
    *body = kept;
    (request, repeatable)
}

type Sent = Result<Answer, (Failure, String)>;

async fn send(
    driver: &Driver,
    ask: &Ask<'_>,
    request: reqwest::Request,
    deadline: Instant,
) -> Result<Sent, Error> {
    let host = request.url().host_str().unwrap_or_default().to_owned();
    let client = driver.http_towards(request.url());
    debug!(method = %request.method(), host, path = request.url().path(), "sending");
    Ok(match timeout_at(deadline, client.execute(request)).await {
        Ok(Ok(response)) => Ok(Answer {
            headers: headers_of(&response),
            response,
            deadline,
            operation: ask.operation,
        }),
        Ok(Err(error)) => Err((of_reqwest(&error), host)),
        Err(_) => Err((timed_out(), host)),
    })
}

fn headers_of(response: &Response) -> Headers {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let pairs = response.headers().iter();
    pairs.map(|(name, value)| (name, text(value))).collect()
}

fn note(answer: &Answer, attempt: u32) {
    let span = Span::current();
    span.record("status", answer.response.status().as_u16());
    span.record("attempts", attempt);
    if let Some(id) = answer.request_id() {
        span.record("request_id", id);
    }
}

impl Answer {
    pub(super) fn request_id(&self) -> Option<&str> {
        self.headers.get("x-obs-request-id")
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(str::to_owned)
    }

    /// The whole body, if it has at most `limit` bytes.
    pub(super) async fn whole(mut self, limit: usize) -> Result<Bytes, Error> {
        let mut body = Vec::new();
        loop {
            let piece = match timeout_at(self.deadline, self.response.chunk()).await {
                Ok(Ok(piece)) => piece,
                Ok(Err(error)) => {
                    let reason = format!("the answer broke off: {}", of_reqwest(&error).message);
                    return Err(self.broken(ErrorKind::Truncated, reason));
                }
                Err(_) => return Err(self.broken(ErrorKind::Timeout, "no whole answer in time")),
            };
            let Some(piece) = piece else {
                return Ok(body.into());
            };
            body.extend_from_slice(&piece);
            if body.len() > limit {
                let message = "the answer is larger than the client's max_answer_bytes";
                return Err(self.broken(ErrorKind::TooLarge, message));
            }
        }
    }

    async fn beginning(mut self, limit: usize) -> Vec<u8> {
        let mut body = Vec::new();
        while body.len() < limit {
            match timeout_at(self.deadline, self.response.chunk()).await {
                Ok(Ok(Some(piece))) => body.extend_from_slice(&piece),
                _ => break,
            }
        }
        body.truncate(limit);
        body
    }

    pub(super) fn broken(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::builder(kind, message)
            .operation(self.operation)
            .request_id(self.request_id().map(str::to_owned))
            .build()
    }

    /// The body as XML of this type.
    pub(super) async fn xml<T: serde::de::DeserializeOwned>(
        self,
        limit: usize,
    ) -> Result<T, Error> {
        let (status, operation) = (self.response.status().as_u16(), self.operation);
        let id = self.request_id().map(str::to_owned);
        let body = self.whole(limit).await?;
        quick_xml::de::from_str(&String::from_utf8_lossy(&body)).map_err(|error| {
            let message = format!("OBS's answer cannot be read: {error}");
            Error::builder(ErrorKind::UnexpectedAnswer, message)
                .operation(operation)
                .status(status)
                .request_id(id)
                .excerpt_of(&body)
                .body(&body)
                .build()
        })
    }
}
