//! One call, turned by the TypeScript driver.

use super::json::{Object, error_json, list, string};
use super::stream::StreamHandle;
use super::{pairs, strings};
use crate::number::milliseconds;
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

    fn turn(&mut self, wall: f64, steady: f64, input: Input) -> String {
        let now = moment(wall, steady);
        match self.call.step(now, input) {
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
            Step::Token => Object::new()
                .text("step", "token")
                .number("milliseconds", self.call.time_left(now))
                .finish(),
            Step::Wait { milliseconds } => Object::new()
                .text("step", "wait")
                .number("milliseconds", milliseconds)
                .finish(),
            Step::Done(answer) if answer.can_be_cut_short() => self.answered("judge", answer),
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

    /// Any input but a head and bytes: `start`, `kept`, `slept`, `woken`; `token` with the token in
    /// `text` and its life in milliseconds in `number`, if known; `tokenFailed` with the reason;
    /// `notConnected`, `timedOut`, `tooLarge` and `broken` with the transport's words.
    pub fn step(
        &mut self,
        wall: f64,
        steady: f64,
        input: &str,
        text: String,
        number: Option<f64>,
    ) -> String {
        let failed = |kind| {
            Input::Failed(Failure {
                kind,
                message: text.clone(),
            })
        };
        let input = match input {
            "start" => Input::Start,
            "kept" => Input::BodyKept,
            "slept" => Input::Slept,
            "woken" => Input::Woken,
            "token" => Input::Token(Ok(FreshToken {
                token: Secret::new(&text),
                lifetime_ms: number.map(milliseconds),
            })),
            "tokenFailed" => Input::Token(Err(text)),
            "notConnected" => failed(FailureKind::NotConnected),
            "timedOut" => failed(FailureKind::TimedOut),
            "tooLarge" => failed(FailureKind::TooLarge),
            _ => failed(FailureKind::Broken),
        };
        self.turn(wall, steady, input)
    }

    /// The head of an answer; headers as a JSON list of names and values in turn.
    pub fn head(&mut self, wall: f64, steady: f64, status: u16, headers: &str) -> String {
        let headers: Headers = pairs(&strings(headers)).collect();
        self.turn(wall, steady, Input::Head { status, headers })
    }

    /// Bytes that were asked for: `body`, `digest` (32 of them), `mac` (32 of them).
    pub fn bytes(&mut self, wall: f64, steady: f64, input: &str, bytes: Vec<u8>) -> String {
        // Anything but 32 bytes is a fault of the driver; zeros make it a refused signature.
        let thirty_two = |bytes: &[u8]| bytes.try_into().unwrap_or_default();
        let input = match input {
            "digest" => Input::Digest(thirty_two(&bytes)),
            "mac" => Input::Mac(thirty_two(&bytes)),
            _ => Input::Body(bytes),
        };
        self.turn(wall, steady, input)
    }

    /// The decoder of the stream that has begun.
    #[wasm_bindgen(js_name = takeStream)]
    pub fn take_stream(&mut self) -> Option<StreamHandle> {
        self.stream.take().map(StreamHandle::new)
    }

    /// The error of a success that the platform cut short, if it did.
    #[wasm_bindgen(js_name = cutShort)]
    pub fn cut_short(&self, body: &[u8]) -> Option<String> {
        let error = self.answer.as_ref()?.cut_short(body)?;
        Some(error_json(&error))
    }

    /// The error of a success whose body could not be decoded.
    pub fn undecodable(&self, reason: &str, body: &[u8]) -> Option<String> {
        self.answer
            .as_ref()
            .map(|answer| error_json(&answer.undecodable(reason, body)))
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
    let mut object = Object::new();
    object
        .text("step", "send")
        .text("method", request.method)
        .text("url", &request.url)
        .raw("headers", &list(headers))
        .number("timeout", request.timeout_ms);
    match &request.body {
        RequestBody::Empty => &mut object,
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
