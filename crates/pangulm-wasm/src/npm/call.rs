//! One call, turned by the TypeScript driver.

use super::json::{Object, error_json, list, string};
use super::stream::StreamHandle;
use pangulm_core::call::{
    Answer, BodyWanted, Failure, FailureKind, FreshToken, Input, Request, RequestBody, Step,
};
use pangulm_core::headers::Headers;
use pangulm_core::{Call, ChatStream, Moment, Secret};
use wasm_bindgen::prelude::*;

/// A call in progress. Every method that takes the clocks' readings returns the next step as JSON.
#[wasm_bindgen(js_name = Call)]
pub struct CallHandle {
    call: Call,
    answer: Option<Answer>,
    stream: Option<Box<ChatStream>>,
}

impl CallHandle {
    pub(super) fn new(call: Call) -> Self {
        Self {
            call,
            answer: None,
            stream: None,
        }
    }

    fn step(&mut self, wall: f64, steady: f64, input: Input) -> String {
        match self.call.step(moment(wall, steady), input) {
            Step::Send(request) => send_json(&request),
            Step::ReadBody(BodyWanted::Keep { limit }) => read_json("keep", limit),
            Step::ReadBody(BodyWanted::Bytes { limit }) => read_json("bytes", limit),
            Step::Sleep {
                milliseconds,
                reason,
            } => Object::new()
                .text("step", "sleep")
                .number("milliseconds", milliseconds)
                .raw("reason", &error_json(&reason))
                .finish(),
            Step::Hash => named("hash"),
            Step::Mac(text) => Object::new()
                .text("step", "mac")
                .text("text", &String::from_utf8_lossy(&text))
                .finish(),
            Step::Token => named("token"),
            Step::Wait => named("wait"),
            Step::Done(answer) => self.answered("done", answer),
            Step::Stream(answer, stream) => {
                self.stream = Some(stream);
                self.answered("stream", answer)
            }
            Step::Fail(error) => Object::new()
                .text("step", "fail")
                .raw("error", &error_json(&error))
                .finish(),
        }
    }

    fn answered(&mut self, step: &str, answer: Answer) -> String {
        let json = Object::new()
            .text("step", step)
            .number("status", u64::from(answer.status))
            .number("attempts", u64::from(answer.attempts))
            .optional("requestId", answer.headers.request_id().as_deref())
            .finish();
        self.answer = Some(answer);
        json
    }
}

#[wasm_bindgen(js_class = Call)]
impl CallHandle {
    /// The number under which this call is woken.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> u32 {
        self.call.id().0
    }

    /// Begins.
    pub fn start(&mut self, wall: f64, steady: f64) -> String {
        self.step(wall, steady, Input::Start)
    }

    /// The head of an answer; headers as a flat list of names and values.
    pub fn head(&mut self, wall: f64, steady: f64, status: u16, headers: Vec<String>) -> String {
        let headers: Headers = super::pairs(&headers).collect();
        self.step(wall, steady, Input::Head { status, headers })
    }

    /// The body that was asked for.
    pub fn body(&mut self, wall: f64, steady: f64, bytes: Vec<u8>) -> String {
        self.step(wall, steady, Input::Body(bytes))
    }

    /// The body was read and kept.
    #[wasm_bindgen(js_name = bodyKept)]
    pub fn body_kept(&mut self, wall: f64, steady: f64) -> String {
        self.step(wall, steady, Input::BodyKept)
    }

    /// The request or the reading of its answer failed: `notConnected`, `timedOut`, `tooLarge`, or
    /// anything else for a broken connection.
    pub fn failed(&mut self, wall: f64, steady: f64, kind: &str, message: String) -> String {
        let kind = match kind {
            "notConnected" => FailureKind::NotConnected,
            "timedOut" => FailureKind::TimedOut,
            "tooLarge" => FailureKind::TooLarge,
            _ => FailureKind::Broken,
        };
        self.step(wall, steady, Input::Failed(Failure { kind, message }))
    }

    /// The sleep is over.
    pub fn slept(&mut self, wall: f64, steady: f64) -> String {
        self.step(wall, steady, Input::Slept)
    }

    /// Another call has what this one waits for.
    pub fn woken(&mut self, wall: f64, steady: f64) -> String {
        self.step(wall, steady, Input::Woken)
    }

    /// The SHA-256 digest of the body: 32 bytes.
    pub fn digest(&mut self, wall: f64, steady: f64, digest: &[u8]) -> String {
        self.step(wall, steady, Input::Digest(thirty_two(digest)))
    }

    /// The HMAC-SHA256 of the text asked for: 32 bytes.
    pub fn mac(&mut self, wall: f64, steady: f64, mac: &[u8]) -> String {
        self.step(wall, steady, Input::Mac(thirty_two(mac)))
    }

    /// The token that the user's function gave, and its life in milliseconds if known.
    pub fn token(&mut self, wall: f64, steady: f64, token: &str, lifetime: Option<f64>) -> String {
        let fresh = FreshToken {
            token: Secret::new(token),
            lifetime_ms: lifetime.map(milliseconds),
        };
        self.step(wall, steady, Input::Token(Ok(fresh)))
    }

    /// The user's token function failed.
    #[wasm_bindgen(js_name = tokenFailed)]
    pub fn token_failed(&mut self, wall: f64, steady: f64, reason: String) -> String {
        self.step(wall, steady, Input::Token(Err(reason)))
    }

    /// The decoder of the stream that has begun.
    #[wasm_bindgen(js_name = takeStream)]
    pub fn take_stream(&mut self) -> Option<StreamHandle> {
        self.stream.take().map(StreamHandle::new)
    }

    /// The headers of the answer as a flat list of names and values.
    #[wasm_bindgen(js_name = answerHeaders)]
    pub fn answer_headers(&self) -> Vec<String> {
        let headers = self.answer.iter().flat_map(|answer| answer.headers.iter());
        headers
            .flat_map(|(name, value)| [name.to_owned(), value.to_owned()])
            .collect()
    }

    /// The error of a success whose body could not be decoded.
    pub fn undecodable(&self, reason: &str, body: &[u8]) -> Option<String> {
        self.answer
            .as_ref()
            .map(|answer| error_json(&self.call.undecodable(answer, reason, body)))
    }
}

fn named(step: &str) -> String {
    Object::new().text("step", step).finish()
}

fn read_json(how: &str, limit: usize) -> String {
    Object::new()
        .text("step", "read")
        .text("how", how)
        .number("limit", u64::try_from(limit).unwrap_or(u64::MAX))
        .finish()
}

fn send_json(request: &Request) -> String {
    let headers = request
        .headers
        .iter()
        .map(|header| list([string(&header.name), string(&header.value)].into_iter()));
    let object = Object::new()
        .text("step", "send")
        .text("method", request.method)
        .text("url", &request.url)
        .raw("headers", &list(headers))
        .number("timeout", request.timeout_ms);
    match &request.body {
        RequestBody::Empty => object,
        RequestBody::Callers => object.text("body", "callers"),
        RequestBody::Own(text) => object.text("body", "own").text("text", text),
    }
    .finish()
}

fn moment(wall: f64, steady: f64) -> Moment {
    Moment {
        wall_ms: milliseconds(wall),
        steady_ms: milliseconds(steady),
    }
}

/// JavaScript's times are floating point.
#[allow(
    clippy::as_conversions,
    reason = "the one conversion there is; it saturates"
)]
fn milliseconds(number: f64) -> u64 {
    number as u64
}

/// Anything but 32 bytes is a fault of the driver; zeros make it a refused signature.
fn thirty_two(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().unwrap_or_default()
}
