//! The members of a JSON object under construction.

use crate::escape::json_string_into;
use crate::scan::Value;

/// Members in the order in which they first came.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    members: Vec<(String, Content)>,
}

#[derive(Clone, Debug)]
enum Content {
    /// JSON as it came.
    Raw(String),
    /// The inside of a JSON string that grows, escapes and all.
    Text(String),
}

impl Fields {
    /// Sets a member; a null never replaces something.
    pub(super) fn set(&mut self, name: &str, value: Value<'_>) {
        self.set_raw(name, value.raw(), value.is_null());
    }

    /// Sets a member to JSON that was made here.
    pub(super) fn set_raw(&mut self, name: &str, json: &str, is_null: bool) {
        match self.find(name) {
            Some(_) if is_null => {}
            // Most members say the same in every chunk, in the place of the last.
            Some(Content::Raw(known)) => {
                known.clear();
                known.push_str(json);
            }
            Some(content) => *content = Content::Raw(json.to_owned()),
            None => {
                let content = Content::Raw(json.to_owned());
                self.members.push((name.to_owned(), content));
            }
        }
    }

    /// Appends to a text. Pieces of a JSON string make one string when put together as they are.
    pub(super) fn append(&mut self, name: &str, raw_piece: &str) {
        match self.find(name) {
            Some(Content::Text(text)) => text.push_str(raw_piece),
            Some(content) => *content = Content::Text(raw_piece.to_owned()),
            None => self
                .members
                .push((name.to_owned(), Content::Text(raw_piece.to_owned()))),
        }
    }

    pub(super) fn write_into(&self, out: &mut String) {
        for (at, (name, content)) in self.members.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            json_string_into(out, name);
            out.push(':');
            match content {
                Content::Raw(json) => out.push_str(json),
                Content::Text(text) => {
                    out.push('"');
                    out.push_str(text);
                    out.push('"');
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn find(&mut self, name: &str) -> Option<&mut Content> {
        self.members
            .iter_mut()
            .find(|(known, _)| known == name)
            .map(|(_, content)| content)
    }
}
