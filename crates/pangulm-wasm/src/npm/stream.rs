//! The decoder of a stream, fed by the TypeScript driver.

use super::json::{Object, error_json, list};
use pangulm_core::ChatStream;
use pangulm_core::chat_stream::{End, Progress};
use wasm_bindgen::prelude::*;

/// A stream in progress. Both ways of feeding it return
/// `{"chunks": […], "state": "open" | "complete" | "failed", "error"?: …}`: one crossing and one
/// parse for all events of a network chunk.
#[wasm_bindgen(js_name = Stream)]
pub struct StreamHandle {
    stream: Box<ChatStream>,
}

impl StreamHandle {
    pub(super) fn new(stream: Box<ChatStream>) -> Self {
        Self { stream }
    }

    fn drain(&mut self) -> String {
        let mut chunks = Vec::new();
        let rest = loop {
            match self.stream.progress() {
                Progress::Chunk(chunk) => chunks.push(chunk),
                other => break other,
            }
        };
        let mut object = Object::new();
        object.raw("chunks", &list(chunks.into_iter()));
        match rest {
            Progress::Complete => object.text("state", "complete"),
            Progress::Failed(error) => object
                .text("state", "failed")
                .raw("error", &error_json(&error)),
            Progress::Chunk(_) | Progress::NeedBytes => object.text("state", "open"),
        }
        .finish()
    }
}

#[wasm_bindgen(js_class = Stream)]
impl StreamHandle {
    /// Takes the next piece of the body.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.stream.push(bytes);
        self.drain()
    }

    /// Says how the body ended: `clean`, `stalled`, or anything else for a broken connection.
    pub fn end(&mut self, how: &str, reason: String) -> String {
        self.stream.end(match how {
            "clean" => End::Clean,
            "stalled" => End::Stalled,
            _ => End::Broken(reason),
        });
        self.drain()
    }

    /// What has arrived so far, as one chat completion in JSON.
    pub fn message(&self) -> String {
        self.stream.message()
    }
}
