//! XML: written by hand, for it is little; read by a library.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::{objects, refuse};
use crate::reply::Refusal;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A document under way.
pub(crate) struct Writer(String);

impl Writer {
    pub(crate) fn new() -> Self {
        Self(HEAD.to_owned())
    }

    /// An element with a text.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.0 += &format!("<{name}>{}</{name}>", escape(text));
        self
    }

    /// An element with others in it.
    pub(crate) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) -> &mut Self {
        self.0 += &format!("<{name}>");
        inside(self);
        self.0 += &format!("</{name}>");
        self
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// An answer whose root element has this name.
pub(super) fn answer(root: &str, inside: impl FnOnce(&mut Writer)) -> Response {
    let mut writer = Writer::new();
    writer.element(root, inside);
    let mut response = objects::empty(StatusCode::OK);
    objects::insert(
        response.headers_mut(),
        CONTENT_TYPE.as_str(),
        "application/xml",
    );
    *response.body_mut() = Body::from(writer.finish());
    response
}

/// What a body says.
pub(super) fn read<T: DeserializeOwned>(body: &str) -> Result<T, Refusal> {
    quick_xml::de::from_str(body).map_err(|error| {
        let message = format!("The XML you provided was not well-formed: {error}");
        refuse(StatusCode::BAD_REQUEST, "MalformedXML", message)
    })
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}
