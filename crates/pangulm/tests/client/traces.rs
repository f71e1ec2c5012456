//! What is told to `tracing`.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use crate::support::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// Writes down everything that is traced, by whatever crate.
#[derive(Clone, Default)]
pub(crate) struct Everything(Arc<Mutex<String>>);

impl Everything {
    /// What is to be told of spans and events for this to write them down.
    pub(crate) fn subscriber(&self) -> impl Subscriber + use<> {
        tracing_subscriber::registry().with(self.clone())
    }

    /// A line a field and a line a span, in the order they came.
    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Everything {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        writeln!(self.0.lock().unwrap(), "span {}", span.metadata().name()).unwrap();
        span.record(&mut self.clone());
    }
    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut self.clone());
    }
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

/// Fails unless `text` holds these parts one after the other.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part);
        let at = at.unwrap_or_else(|| panic!("{part} is missing, or comes too early: {text}"));
        rest = &rest[at + part.len()..];
    }
}

#[tokio::test]
async fn a_call_tells_every_attempt_wait_and_reason_with_the_requests_id() {
    let running = start();
    let client = faulty(
        &with_key(&running),
        "status=503; retry-after=0; times=1; key=traced",
    );
    let traced = Everything::default();
    let guard = set_default(traced.subscriber());
    client.chat().create(v1(&running, "hello")).await.unwrap();
    drop(guard);
    let requests = requests(&running).await;
    let id = |at: usize| requests[at]["requestId"].as_str().unwrap();
    in_order(
        &traced.text(),
        &[
            "span pangulm",
            "operation=\"createChatCompletionV1\"",
            "message=sending",
            "method=\"POST\"",
            "/chat/completions",
            "message=answered",
            "status=503",
            id(0),
            "message=waiting before the next attempt",
            "milliseconds=0",
            "reason=",
            "status 503",
            id(0),
            "message=sending",
            "message=answered",
            "status=200",
            // The span is told at its end.
            "status=200",
            "attempts=2",
            id(1),
        ],
    );
}

#[tokio::test]
async fn a_call_or_a_stream_that_failed_tells_why_and_with_which_request() {
    let running = start();
    let client = with_key(&running);
    let traced = Everything::default();
    let guard = set_default(traced.subscriber());
    let refused = faulty(&client, "status=404").chat();
    refused.create(v1(&running, "hello")).await.unwrap_err();
    let cut = faulty(&client, "drop-after=2").chat();
    let mut stream = cut.stream(v1(&running, "hello")).await.unwrap();
    stream.final_message().await.unwrap_err();
    drop(guard);
    let requests = requests(&running).await;
    let id = |at: usize| requests[at]["requestId"].as_str().unwrap();
    in_order(
        &traced.text(),
        &[
            "message=answered",
            "status=404",
            id(0),
            "status=404",
            "attempts=1",
            id(0),
            "message=the call failed",
            "error=",
            "message=the stream failed",
            "error=",
            id(1),
        ],
    );
}
