//! One call, turned by the TypeScript driver.

use super::held::{Held, Thing};
use super::json::{Object, list, string};
use super::question::Question;
use pangulm_core::call::{
    Answer, BodyWanted, Failure, FailureKind, FreshToken, Input, Request, RequestBody, Step,
};
use pangulm_core::text::lossy;
use pangulm_core::{Call, Error, Moment, Secret, Shared};
use std::sync::Arc;

/// A call in progress, and the head of its success.
pub(super) struct CallHandle {
    call: Call,
    answer: Option<Answer>,
}

impl CallHandle {
    pub(super) fn new(call: Call) -> Self {
        Self { call, answer: None }
    }

    /// The next step; to `undecodable`, the error of a success whose body could not be decoded, and
    /// to `cutShort`, that of one that the platform cut short, if it did.
    pub(super) fn answer(
        &mut self,
        shared: &Arc<Shared>,
        question: &Question<'_>,
        bytes: Vec<u8>,
        answer: &mut Object,
    ) -> Result<(), Error> {
        match (&*question.ask, &self.answer) {
            ("undecodable", Some(head)) => return Err(head.undecodable(&question.text, &bytes)),
            ("cutShort", Some(head)) => return head.cut_short(&bytes).map_or(Ok(()), Err),
            _ => {}
        }
        let now = question.moment();
        let step = self.call.step(now, input(question, bytes));
        self.write(shared, now, step, answer)
    }

    /// Writes a step; the one that fails the call is the answer's error.
    fn write(
        &mut self,
        shared: &Arc<Shared>,
        now: Moment,
        step: Step,
        answer: &mut Object,
    ) -> Result<(), Error> {
        answer.text("step", name(&step));
        match step {
            Step::Send(request) => write_request(&request, answer),
            Step::ReadBody(wanted) => write_read(wanted, answer),
            Step::Sleep {
                milliseconds,
                reason,
            } => {
                answer
                    .number("milliseconds", milliseconds)
                    .error("reason", &reason);
            }
            Step::Mac(text) => {
                answer.text("text", &lossy(&text));
            }
            Step::Wait { milliseconds } => {
                answer.number("milliseconds", milliseconds);
            }
            Step::Done(head) => self.write_head(head, answer),
            Step::Stream(head, stream) => {
                self.write_head(head, answer);
                answer.held(Held::keep(Arc::clone(shared), Thing::Stream(stream)));
            }
            Step::Fail(error) => return Err(error),
            Step::Token => {
                answer.number("milliseconds", self.call.time_left(now));
            }
            Step::Hash => {}
        }
        Ok(())
    }

    fn write_head(&mut self, head: Answer, answer: &mut Object) {
        answer
            .number("status", u64::from(head.status))
            .number("attempts", u64::from(head.attempts))
            .optional("requestId", head.headers.request_id().as_deref());
        self.answer = Some(head);
    }
}

/// The name of a step in TypeScript.
fn name(step: &Step) -> &'static str {
    match step {
        Step::Send(_) => "send",
        Step::ReadBody(_) => "read",
        Step::Sleep { .. } => "sleep",
        Step::Hash => "hash",
        Step::Mac(_) => "mac",
        Step::Token => "token",
        Step::Wait { .. } => "wait",
        Step::Done(head) if head.can_be_cut_short() => "judge",
        Step::Done(_) => "done",
        Step::Stream(..) => "stream",
        Step::Fail(_) => "fail",
    }
}

/// What came of the last step, by the name under which TypeScript tells it.
fn input(question: &Question<'_>, bytes: Vec<u8>) -> Input {
    let text = || question.text.to_string();
    let failed = |kind| {
        Input::Failed(Failure {
            kind,
            message: text(),
        })
    };
    // Anything but 32 bytes is a fault of the driver; zeros make it a refused signature.
    let thirty_two = |bytes: &[u8]| bytes.try_into().unwrap_or_default();
    match &*question.ask {
        "start" => Input::Start,
        "head" => Input::Head {
            status: question
                .number("status")
                .and_then(|status| u16::try_from(status).ok())
                .unwrap_or_default(),
            headers: question.pairs("headers").into_iter().collect(),
        },
        "body" => Input::Body(bytes),
        "kept" => Input::BodyKept,
        "slept" => Input::Slept,
        "woken" => Input::Woken,
        "digest" => Input::Digest(thirty_two(&bytes)),
        "mac" => Input::Mac(thirty_two(&bytes)),
        "token" => Input::Token(Ok(FreshToken {
            token: Secret::new(&question.text),
            lifetime_ms: question.number("lifetime"),
        })),
        "tokenFailed" => Input::Token(Err(text())),
        "notConnected" => failed(FailureKind::NotConnected),
        "timedOut" => failed(FailureKind::TimedOut),
        "tooLarge" => failed(FailureKind::TooLarge),
        _ => failed(FailureKind::Broken),
    }
}

fn write_read(wanted: BodyWanted, answer: &mut Object) {
    let (how, limit) = match wanted {
        BodyWanted::Keep { limit } => ("keep", limit),
        BodyWanted::Bytes { limit } => ("bytes", limit),
    };
    answer
        .text("how", how)
        .number("limit", u64::try_from(limit).unwrap_or(u64::MAX));
}

fn write_request(request: &Request, answer: &mut Object) {
    let headers = request
        .headers
        .iter()
        .map(|header| list([string(&header.name), string(&header.value)].into_iter()));
    answer
        .text("method", request.method)
        .text("url", &request.url)
        .raw("headers", &list(headers))
        .number("timeout", request.timeout_ms);
    match &request.body {
        RequestBody::Empty => {}
        RequestBody::Callers => {
            answer.text("body", "callers");
        }
        RequestBody::Own(text) => {
            answer.text("body", "own").text("text", text);
        }
    }
}
