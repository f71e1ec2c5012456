//! An upstream's stream, event by event. One that breaks off ends in an error event.

use std::collections::VecDeque;

use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;

use crate::bend::is_stream;
use crate::chat::ask::{Ask, Dialect};
use crate::chat::frames::{Frames, Increment, Usage};
use crate::chat::stream::event_stream;
use crate::reply::{Refusal, Shape};
use crate::tokenizer;

use super::whole::reasoning;
use super::{causes, failed};

const LONGEST_LINE: usize = 1024 * 1024;

pub(super) fn redress(answer: reqwest::Response, ask: Ask) -> Result<Response, Refusal> {
    if !is_stream(answer.headers()) {
        return Err(failed("it answered without a stream of events"));
    }
    let dresser = Dresser::new(answer, ask);
    Ok(event_stream(stream::unfold(dresser, |mut dresser| async {
        let event = dresser.next().await?;
        Some((event, dresser))
    })))
}

struct Dresser {
    answer: reqwest::Response,
    frames: Frames,
    ask: Ask,
    /// What has arrived of the line that is not yet complete.
    line: Vec<u8>,
    ready: VecDeque<Bytes>,
    usage: Usage,
    /// Held back until the usage is known, which comes after it.
    finish_reason: Option<String>,
    over: bool,
}

impl Dresser {
    fn new(answer: reqwest::Response, ask: Ask) -> Self {
        let frames = Frames::of(&ask);
        let usage = Usage::new(ask.prompt_tokens, 0);
        let role = Increment {
            role: Some("assistant"),
            ..Increment::default()
        };
        let ready = VecDeque::from([frames.chunk(0, &role, None, usage)]);
        let line = Vec::new();
        Self {
            answer,
            frames,
            ask,
            line,
            ready,
            usage,
            finish_reason: None,
            over: false,
        }
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            match self.answer.chunk().await {
                Ok(Some(bytes)) => self.take(&bytes),
                Ok(None) => self.end(),
                Err(error) => self.fail(&causes(&error.without_url())),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.len() > LONGEST_LINE {
                return self.fail("one of its events is over 1 MB");
            }
            if self.line.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.take_line(String::from_utf8_lossy(&line).trim());
            }
            if self.over {
                return;
            }
        }
    }

    fn take_line(&mut self, line: &str) {
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            return;
        };
        if data == "[DONE]" {
            return self.end();
        }
        match serde_json::from_str::<Value>(data) {
            Ok(chunk) => match chunk.get("error") {
                Some(error) => self.fail(&format!("it sent an error: {error}")),
                None => self.take_chunk(&chunk),
            },
            Err(error) => self.fail(&format!("one of its events is not JSON: {error}")),
        }
    }

    fn take_chunk(&mut self, chunk: &Value) {
        let count = |name: &str| {
            let number = chunk
                .pointer(&format!("/usage/{name}"))
                .and_then(Value::as_u64)?;
            usize::try_from(number).ok()
        };
        let known = count("prompt_tokens").zip(count("completion_tokens"));
        if let Some((prompt, completion)) = known {
            self.usage = Usage::new(prompt, completion);
        }
        let choices = chunk.get("choices").and_then(Value::as_array);
        for choice in choices.into_iter().flatten() {
            let delta = choice.get("delta").unwrap_or(&Value::Null);
            let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
            let content = text(delta.get("content").and_then(Value::as_str));
            let reasoning_content = text(reasoning(delta));
            let tool_calls = delta
                .get("tool_calls")
                .filter(|calls| calls.is_array())
                .cloned();
            if known.is_none() {
                let text = content
                    .as_deref()
                    .or(reasoning_content.as_deref())
                    .unwrap_or_default();
                let so_far = self.usage.completion_tokens + tokenizer::count(text);
                self.usage = Usage::new(self.usage.prompt_tokens, so_far);
            }
            if content.is_some() || reasoning_content.is_some() || tool_calls.is_some() {
                let increment = Increment {
                    role: None,
                    content,
                    reasoning_content,
                    tool_calls,
                };
                self.ready
                    .push_back(self.frames.chunk(0, &increment, None, self.usage));
            }
            if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
                self.finish_reason = Some(reason.to_owned());
            }
        }
    }

    fn end(&mut self) {
        let Some(reason) = self.finish_reason.take() else {
            return self.fail("its stream broke off before the answer was complete");
        };
        let last = self
            .frames
            .chunk(0, &Increment::default(), Some(&reason), self.usage);
        self.ready.push_back(last);
        if self.ask.dialect == Dialect::V2 && self.ask.include_usage {
            self.ready.push_back(self.frames.usage(self.usage));
        }
        self.ready.push_back(self.frames.done());
        self.over = true;
    }

    fn fail(&mut self, why: &str) {
        let shape = match self.ask.dialect {
            Dialect::V1 => Shape::Gateway,
            Dialect::V2 => Shape::OpenAi,
        };
        let body = shape.body(&failed(why), &self.ask.request_id);
        self.ready.push_back(self.frames.event(&body.to_string()));
        self.over = true;
    }
}
