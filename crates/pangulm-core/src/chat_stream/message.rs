//! Putting the chunks of a stream together into the chat completion they are pieces of.

use super::chunk::{Chunk, Node};
use super::fields::Fields;
use super::part::What;
use crate::scan::{Kind, Member, Value};
use crate::text::digits;

/// A completion in the making, of a chat or of a text. Members nobody knows are kept: the last value
/// that is not null stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    /// Whether its choices hold text instead of a message.
    text: bool,
    top: Fields,
    choices: Vec<Choice>,
    size: usize,
}

#[derive(Clone, Debug)]
struct Choice {
    index: u64,
    finished: bool,
    fields: Fields,
    message: Fields,
    tool_calls: Vec<ToolCall>,
}

#[derive(Clone, Debug)]
struct ToolCall {
    index: u64,
    fields: Fields,
    function: Fields,
}

/// More choices or tool calls than any service makes; what is beyond is not put together.
const MOST_PARTS: usize = 128;

impl Message {
    pub(super) fn of_text() -> Self {
        Self {
            text: true,
            ..Self::default()
        }
    }

    /// How many bytes of chunks went in.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Whether there are choices and all of them had a finish reason.
    pub(super) fn is_finished(&self) -> bool {
        !self.choices.is_empty() && self.choices.iter().all(|choice| choice.finished)
    }

    /// Adds a chunk.
    pub(super) fn add(&mut self, chunk: &Chunk<'_>) {
        self.size += chunk.text.len();
        for node in chunk.members() {
            match node.what() {
                What::Choices => {
                    let choices = node.children().into_iter().flatten().enumerate();
                    choices.for_each(|(position, choice)| self.add_choice(position, choice));
                }
                // It is set already.
                _ if chunk.is_known(node) => {}
                What::Object if !self.text => {
                    self.top.set_raw("object", "\"chat.completion\"", false);
                }
                _ => set(&mut self.top, &node.member()),
            }
        }
    }

    fn add_choice(&mut self, position: usize, part: Node<'_>) {
        let mut members = part.children().into_iter().flatten();
        let index = members.find(|member| member.what() == What::Index);
        let index = index.and_then(|index| index.value().unsigned());
        let index = index.unwrap_or_else(|| place(position));
        let at = self
            .choices
            .iter()
            .position(|choice| choice.index == index)
            .unwrap_or(self.choices.len());
        if at == self.choices.len() && at < MOST_PARTS {
            self.choices.push(Choice::new(index, self.text));
        }
        if let Some(choice) = self.choices.get_mut(at) {
            choice.add(part);
        }
    }

    pub(super) fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.size.min(1 << 16));
        json.push('{');
        self.top.write_into(&mut json);
        if !self.top.is_empty() {
            json.push(',');
        }
        json.push_str("\"choices\":[");
        for (at, choice) in self.choices.iter().enumerate() {
            if at > 0 {
                json.push(',');
            }
            choice.write_into(&mut json);
        }
        json.push_str("]}");
        json
    }
}

impl Choice {
    fn new(index: u64, text: bool) -> Self {
        let mut message = Fields::default();
        let mut fields = Fields::default();
        if text {
            fields.append("text", "");
        } else {
            message.set_raw("role", "\"assistant\"", false);
            message.append("content", "");
        }
        Self {
            index,
            finished: false,
            fields,
            message,
            tool_calls: Vec::new(),
        }
    }

    fn add(&mut self, part: Node<'_>) {
        for node in part.children().into_iter().flatten() {
            match node.what() {
                What::Delta | What::Message if node.is_increment() => {
                    let parts = node.children().into_iter().flatten();
                    parts.for_each(|part| self.add_part(part));
                }
                What::Delta | What::Message | What::Index => {}
                What::Text => grow(&mut self.fields, &node.member()),
                what => {
                    let member = node.member();
                    self.finished |= what == What::FinishReason && !member.value.is_null();
                    set(&mut self.fields, &member);
                }
            }
        }
    }

    fn add_part(&mut self, part: Node<'_>) {
        match part.what() {
            What::ToolCalls => {
                let items = part.value().items().enumerate();
                items.for_each(|(position, item)| self.add_tool_call(position, item));
            }
            What::Role => set(&mut self.message, &part.member()),
            _ => grow(&mut self.message, &part.member()),
        }
    }

    fn add_tool_call(&mut self, position: usize, item: Value<'_>) {
        let index = item.member("index").and_then(|index| index.unsigned());
        let index = index.unwrap_or_else(|| place(position));
        let at = self
            .tool_calls
            .iter()
            .position(|call| call.index == index)
            .unwrap_or(self.tool_calls.len());
        if at == self.tool_calls.len() && at < MOST_PARTS {
            self.tool_calls.push(ToolCall {
                index,
                fields: Fields::default(),
                function: Fields::default(),
            });
        }
        let Some(call) = self.tool_calls.get_mut(at) else {
            return;
        };
        for member in item.members() {
            if member.is_named("function") {
                for part in member.value.members() {
                    // A name comes whole, arguments come piece by piece.
                    if part.is_named("arguments") {
                        grow(&mut call.function, &part);
                    } else {
                        set(&mut call.function, &part);
                    }
                }
            } else if !member.is_named("index") {
                set(&mut call.fields, &member);
            }
        }
    }

    fn write_into(&self, json: &mut String) {
        json.push_str("{\"index\":");
        json.push_str(&digits(self.index));
        if !self.message.is_empty() {
            self.write_message_into(json);
        }
        if !self.fields.is_empty() {
            json.push(',');
            self.fields.write_into(json);
        }
        json.push('}');
    }

    fn write_message_into(&self, json: &mut String) {
        json.push_str(",\"message\":{");
        self.message.write_into(json);
        if !self.tool_calls.is_empty() {
            json.push_str(",\"tool_calls\":[");
            for (at, call) in self.tool_calls.iter().enumerate() {
                json.push_str(if at > 0 { ",{" } else { "{" });
                call.fields.write_into(json);
                json.push_str(if call.fields.is_empty() {
                    "\"function\":{"
                } else {
                    ",\"function\":{"
                });
                call.function.write_into(json);
                json.push_str("}}");
            }
            json.push(']');
        }
        json.push('}');
    }
}

/// The index of what tells none: its place in the list.
fn place(position: usize) -> u64 {
    u64::try_from(position).unwrap_or(u64::MAX)
}

fn set(fields: &mut Fields, member: &Member<'_>) {
    // An empty text, as servers send it for what came before, replaces nothing.
    let empty = member.value.is_null() || member.value.raw_string().is_some_and(str::is_empty);
    fields.set_raw(&member.name(), member.value.raw(), empty);
}

/// Appends texts; sets everything else.
fn grow(fields: &mut Fields, member: &Member<'_>) {
    match member
        .value
        .raw_string()
        .filter(|_| member.value.kind() == Kind::String)
    {
        Some(piece) => fields.append(&member.name(), piece),
        None if member.value.is_null() => {}
        None => fields.set(&member.name(), member.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat_stream::reader::Reader;
    use serde_json::{Value as Json, json};

    fn add(message: &mut Message, chunks: &[Json]) {
        let mut reader = Reader::new(true);
        for chunk in chunks {
            reader.read(chunk.to_string().as_bytes()).unwrap();
            message.add(&reader.chunk());
        }
    }

    fn together(chunks: &[Json]) -> Json {
        let mut message = Message::default();
        add(&mut message, chunks);
        serde_json::from_str(&message.to_json()).unwrap()
    }

    #[test]
    fn pieces_become_the_completion_they_are_pieces_of() {
        let chunk = |choices: Json, total: u32| json!({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, "usage": {"total_tokens": total}, "x_new": true});
        let chunks = [
            chunk(
                json!([{"index": 0, "finish_reason": null, "delta": {"role": "assistant"}}]),
                1,
            ),
            chunk(
                json!([{"index": 0, "delta": {"reasoning_content": "hm"}}]),
                2,
            ),
            chunk(
                json!([{"index": 0, "delta": {"content": "你\"\n"}}, {"index": 1, "delta": {"content": "b"}}]),
                3,
            ),
            chunk(
                json!([{"index": 0, "delta": {"content": "好"}, "finish_reason": "stop", "stop_reason": 7}]),
                4,
            ),
        ];
        let expected = json!({
            "id": "c1", "object": "chat.completion", "created": 1, "model": "m", "usage": {"total_tokens": 4}, "x_new": true,
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": "你\"\n好", "reasoning_content": "hm"}, "finish_reason": "stop", "stop_reason": 7},
                {"index": 1, "message": {"role": "assistant", "content": "b"}},
            ],
        });
        assert_eq!(together(&chunks), expected);
    }

    #[test]
    fn pieces_of_a_text_become_the_text() {
        let mut message = Message::of_text();
        let chunks = [
            json!({"id": "t1", "object": "text_completion", "choices": [{"index": 0, "text": "长"}]}),
            json!({"id": "t1", "choices": [{"index": 0, "text": "江", "finish_reason": "stop"}]}),
        ];
        add(&mut message, &chunks);
        assert!(message.is_finished());
        assert_eq!(
            serde_json::from_str::<Json>(&message.to_json()).unwrap(),
            json!({"id": "t1", "object": "text_completion", "choices": [
                {"index": 0, "text": "长江", "finish_reason": "stop"}
            ]})
        );
    }

    #[test]
    fn tool_calls_are_put_together_by_their_index() {
        let delta =
            |call: Json| json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]});
        let chunks = [
            delta(
                json!({"index": 0, "id": "t0", "type": "function", "function": {"name": "weather", "arguments": ""}}),
            ),
            delta(json!({"index": 0, "function": {"arguments": "{\"city\":"}})),
            delta(
                json!({"index": 1, "id": "t1", "type": "function", "function": {"name": "time", "arguments": "{}"}}),
            ),
            delta(
                json!({"index": 0, "id": "", "function": {"name": null, "arguments": "\"西安\"}"}}),
            ),
        ];
        let whole = together(&chunks);
        let calls = &whole["choices"][0]["message"]["tool_calls"];
        let expected = json!([
            {"id": "t0", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"西安\"}"}},
            {"id": "t1", "type": "function", "function": {"name": "time", "arguments": "{}"}},
        ]);
        assert_eq!(calls, &expected);
    }
}
