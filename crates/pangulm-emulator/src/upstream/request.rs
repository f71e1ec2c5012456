//! A chat request as OpenAI's form has it.

use serde_json::{Value, json};

use crate::chat::ask::Ask;

/// The caller's body with what the platform has differently put right.
pub(super) fn body(ask: &Ask, model: &str) -> Value {
    let mut body = ask.body.clone();
    let Value::Object(members) = &mut body else {
        return body;
    };
    members.insert("model".to_owned(), model.into());
    members.insert("stream".to_owned(), ask.stream.into());
    // Always asked for, because V1 has usage in any case.
    members.remove("stream_options");
    if ask.stream {
        members.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    members.remove("with_prompt");
    let messages = members.get_mut("messages").and_then(Value::as_array_mut);
    for message in messages.into_iter().flatten() {
        if let Value::Object(members) = message {
            members.entry("role").or_insert_with(|| "user".into());
        }
        let parts = message.get_mut("content").and_then(Value::as_array_mut);
        parts.into_iter().flatten().for_each(image_as_url);
    }
    body
}

/// V1 has `{"type":"image","image":{"image_base64"}}` where OpenAI has a data URL.
fn image_as_url(part: &mut Value) {
    if let Some(data) = part.pointer("/image/image_base64").and_then(Value::as_str) {
        // The first bytes of a PNG file; anything else is most likely a JPEG.
        let kind = if data.starts_with("iVBOR") {
            "png"
        } else {
            "jpeg"
        };
        let url = format!("data:image/{kind};base64,{data}");
        *part = json!({"type": "image_url", "image_url": {"url": url}});
    }
}
