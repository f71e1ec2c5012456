//! Answers: JSON that says it is emulated, and refusals in the shape of the path they answer.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::obs::xml;

/// Marks what the emulator made up, as opposed to what an upstream said.
pub(crate) const X_EMULATED: HeaderName = HeaderName::from_static("x-emulated");

/// What a handler gives back. A refusal gets its shape and request id at the front door.
pub(crate) type Answer = Result<Response, Refusal>;

/// A JSON answer made up by the emulator: `x_emulated` inside, `x-emulated` outside.
pub(crate) fn emulated(status: StatusCode, mut body: Value) -> Response {
    if let Value::Object(members) = &mut body {
        members.insert("x_emulated".to_owned(), Value::Bool(true));
    }
    let mut response = plain_json(status, &body);
    response
        .headers_mut()
        .insert(X_EMULATED, HeaderValue::from_static("true"));
    response
}

/// A JSON answer that is somebody else's, or the emulator's own administration.
pub(crate) fn plain_json(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The error bodies of the platform (facts: inference 11.1, auth 3.7).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    /// `{"error_code","error_msg","request_id"}`: the gateway and everything under V1.
    Gateway,
    /// `{"error":{"code","type","message"}}`: V2.
    OpenAi,
    /// `{"error":{"code":401,"title","message"}}`: IAM.
    Keystone,
    /// `{"ret","msg","embedding":[],"cost"}`: embedding, and by inference its neighbours.
    Search,
    /// `<Error><Code/><Message/>…</Error>`: OBS.
    Obs,
}

impl Shape {
    pub(crate) fn of_path(path: &str) -> Self {
        if path.starts_with("/api/v2/") {
            Self::OpenAi
        } else if path.starts_with("/v3/") {
            Self::Keystone
        } else if path.starts_with("/pangu/search/") || path.starts_with("/app/search/") {
            Self::Search
        } else {
            Self::Gateway
        }
    }

    pub(crate) fn body(self, refusal: &Refusal, request_id: &str) -> Value {
        let Refusal {
            status,
            code,
            message,
            ..
        } = refusal;
        let reason = status.canonical_reason().unwrap_or("Error");
        match self {
            Self::Gateway => json!({
                "error_msg": message,
                "error_code": code,
                "request_id": request_id,
            }),
            // OBS speaks XML: this is what stands in it.
            Self::Obs => json!({"code": code, "message": message}),
            // Seen: "BadRequestError" for a 400. The other types follow the same rule by inference.
            Self::OpenAi => json!({"error": {
                "code": code,
                "type": format!("{}Error", reason.replace(' ', "")),
                "message": message,
            }}),
            Self::Search => json!({"ret": code, "msg": message, "embedding": [], "cost": 0.0}),
            Self::Keystone => json!({"error": {
                "message": message,
                "code": status.as_u16(),
                "title": reason,
            }}),
        }
    }
}

/// A request that is not served, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) retry_after: Option<u32>,
    /// The gateway in front of IAM speaks its own shape; all others follow their path.
    pub(crate) shape: Option<Shape>,
    /// What OBS tells about a signature that does not match.
    pub(crate) string_to_sign: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            retry_after: None,
            shape: None,
            string_to_sign: None,
        }
    }

    /// 400 with a documented code.
    pub(crate) fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn in_shape(self, shape: Shape) -> Self {
        Self {
            shape: Some(shape),
            ..self
        }
    }

    /// The answer on the wire, in its own shape or else in that of whoever was called.
    pub(crate) fn render(&self, called: Shape, request_id: &str) -> Response {
        let mut response = match self.shape.unwrap_or(called) {
            Shape::Obs => text(self.status, "application/xml", self.xml(request_id)),
            shape => emulated(self.status, shape.body(self, request_id)),
        };
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Refusal {
    /// The body of a refusal of OBS (facts: auth 5.5).
    fn xml(&self, request_id: &str) -> String {
        let mut out = xml::Writer::new();
        out.element("Error", |out| {
            out.text("Code", &self.code)
                .text("Message", &self.message)
                .text("RequestId", request_id)
                .text("HostId", "emulator");
            if let Some(text) = &self.string_to_sign {
                out.text("StringToSign", text);
            }
        });
        out.finish()
    }
}

/// A text, or a file, made up by the emulator.
pub(crate) fn text(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mark = HeaderValue::from_static("true");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (X_EMULATED, mark),
    ];
    (status, headers, body.into()).into_response()
}
