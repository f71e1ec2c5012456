//! What is said, and by whom.

use std::path::Path;
use std::{fs, io};

use base64ct::{Base64, Encoding};
use serde_json::Map;

use super::{Answer, Content, ContentPart, Message, Role, Stop, ToolCall, ToolChoice};
use crate::generated::pangu::types::{ImageUrl, InlineImage};

impl Message {
    /// A turn of the user: text, or [parts](ContentPart) for models that see images.
    ///
    /// ```
    /// use pangulm::chat::{ContentPart, Message};
    ///
    /// let question = Message::user("介绍一下长江");
    /// let about_a_picture = Message::user([
    ///     ContentPart::image_base64("iVBORw0KGgo="),
    ///     ContentPart::text("图中有什么?"),
    /// ]);
    /// ```
    #[must_use]
    pub fn user(content: impl Into<Content>) -> Self {
        Self::of(Role::User, Some(content.into()))
    }

    /// What the model is to be and to do.
    #[must_use]
    pub fn system(content: impl Into<Content>) -> Self {
        Self::of(Role::System, Some(content.into()))
    }

    /// An earlier answer of the model. [`ChatCompletion::message`](super::ChatCompletion::message)
    /// makes one with its tool calls.
    #[must_use]
    pub fn assistant(content: impl Into<Content>) -> Self {
        Self::of(Role::Assistant, Some(content.into()))
    }

    /// The result of the tool call with this id (the form is inferred, no page shows it).
    #[must_use]
    pub fn tool(call_id: impl Into<String>, result: impl Into<Content>) -> Self {
        Self {
            tool_call_id: Some(call_id.into()),
            ..Self::of(Role::Tool, Some(result.into()))
        }
    }

    /// A turn that asks for tools.
    fn calling(content: Option<Content>, calls: &[ToolCall]) -> Self {
        Self {
            tool_calls: (!calls.is_empty()).then(|| calls.to_vec()),
            ..Self::of(Role::Assistant, content)
        }
    }

    fn of(role: Role, content: Option<Content>) -> Self {
        Self {
            role: Some(role),
            content,
            tool_calls: None,
            tool_call_id: None,
            extra: Map::new(),
        }
    }
}

/// An answer as a turn of the conversation; its train of thought is no part of that.
impl From<&Answer> for Message {
    fn from(answer: &Answer) -> Self {
        let text = answer.content.as_deref();
        // A turn that only calls tools goes without content.
        let content = text.filter(|text| !text.is_empty() || answer.tool_calls.is_empty());
        Self::calling(content.map(Content::from), &answer.tool_calls)
    }
}

impl ContentPart {
    /// A piece of text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::of("text")
        }
    }

    /// An image as V1 takes it, out of the bytes of its file.
    #[must_use]
    pub fn image(bytes: impl AsRef<[u8]>) -> Self {
        Self::image_base64(Base64::encode_string(bytes.as_ref()))
    }

    /// An image as V1 takes it, out of a file, which is read at once.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn image_file(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::image(fs::read(path)?))
    }

    /// An image in the OpenAI form, out of the bytes of its file and their media type, such as
    /// `image/png`. That V2 takes it is inferred.
    #[must_use]
    pub fn image_data(media_type: &str, bytes: impl AsRef<[u8]>) -> Self {
        let base64 = Base64::encode_string(bytes.as_ref());
        Self::image_url(format!("data:{media_type};base64,{base64}"))
    }

    /// An image as V1 takes it: the file in base64, without a data URL's prefix.
    #[must_use]
    pub fn image_base64(base64: impl Into<String>) -> Self {
        Self {
            image: Some(InlineImage {
                image_base64: base64.into(),
                extra: Map::new(),
            }),
            ..Self::of("image")
        }
    }

    /// An image in the OpenAI form, by address or as a data URL. That V2 takes it is inferred.
    #[must_use]
    pub fn image_url(url: impl Into<String>) -> Self {
        Self {
            image_url: Some(ImageUrl {
                url: url.into(),
                extra: Map::new(),
            }),
            ..Self::of("image_url")
        }
    }

    fn of(kind: &str) -> Self {
        Self {
            type_: kind.to_owned(),
            text: None,
            image: None,
            image_url: None,
            extra: Map::new(),
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<const N: usize> From<[ContentPart; N]> for Content {
    fn from(parts: [ContentPart; N]) -> Self {
        Self::Parts(parts.into())
    }
}

impl From<&str> for Stop {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl<const N: usize> From<[&str; N]> for Stop {
    fn from(texts: [&str; N]) -> Self {
        Self::Several(texts.map(str::to_owned).into())
    }
}

impl From<&str> for ToolChoice {
    fn from(mode: &str) -> Self {
        Self::Mode(mode.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_sent_in_the_form_of_its_dialect() {
        let json = |part| serde_json::to_value(part).unwrap();
        let inline = serde_json::json!({"type": "image", "image": {"image_base64": "AAEC/w=="}});
        assert_eq!(json(ContentPart::image([0, 1, 2, 255])), inline);
        let by_address = serde_json::json!({"type": "image_url",
            "image_url": {"url": "data:image/png;base64,AAEC/w=="}});
        let part = ContentPart::image_data("image/png", [0, 1, 2, 255]);
        assert_eq!(json(part), by_address);
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let part = ContentPart::image_file(file).unwrap();
        assert_eq!(part, ContentPart::image(fs::read(file).unwrap()));
        assert!(ContentPart::image_file("/no/such/file").is_err());
    }
}
