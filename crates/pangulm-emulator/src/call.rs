//! One request on its way to its operation's handler.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use serde_json::Value;

use crate::reply::Refusal;
use crate::routes::Route;
use crate::state::State;

/// The body limit of signed requests (facts: auth 1.1).
pub(crate) const SIGNED_LIMIT: usize = 12 * 1024 * 1024;

/// What the emulator itself can bear; the platform's limit for other credentials is not known.
const LIMIT: usize = 64 * 1024 * 1024;

pub(crate) struct Call {
    pub(crate) state: Arc<State>,
    pub(crate) route: &'static Route,
    pub(crate) request_id: String,
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    /// What the caller named this request, to find it again.
    pub(crate) key: Option<String>,
    path_values: Vec<(&'static str, String)>,
}

impl Call {
    /// Reads the whole body, within its limit.
    pub(crate) async fn read(
        state: Arc<State>,
        (route, path_values): (&'static Route, Vec<(&'static str, String)>),
        (request_id, key): (String, Option<String>),
        parts: Parts,
        body: Body,
    ) -> Result<Self, Refusal> {
        let limit = if is_signed(&parts) {
            SIGNED_LIMIT
        } else {
            LIMIT
        };
        let body = to_bytes(body, limit).await.map_err(|_| {
            let code = "EMULATOR.BODY";
            let megabytes = limit / 1024 / 1024;
            let message = format!("the body is over {megabytes} MB, or did not arrive whole");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, code, message)
        })?;
        Ok(Self {
            state,
            route,
            request_id,
            parts,
            body,
            key,
            path_values,
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    }

    pub(crate) fn path_value(&self, name: &str) -> &str {
        let found = self.path_values.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The first value of a query parameter, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        query(&self.parts, name)
    }

    /// The body as JSON that fits the operation's schema.
    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        let json: Value = serde_json::from_slice(&self.body).map_err(|error| {
            Refusal::bad(
                "PANGU.0010",
                format!("parameter illegal. the body is not JSON: {error}"),
            )
        })?;
        self.state
            .schemas
            .check_request(self.route.operation_id, &json)?;
        Ok(json)
    }
}

/// The first value of a query parameter, decoded.
pub(crate) fn query(parts: &Parts, name: &str) -> Option<String> {
    let url = reqwest::Url::parse("http://localhost/")
        .ok()
        .map(|mut url| {
            url.set_query(parts.uri.query());
            url
        })?;
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

pub(crate) fn is_signed(parts: &Parts) -> bool {
    let authorization = parts
        .headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    authorization.is_some_and(|value| value.starts_with("SDK-HMAC-SHA256"))
}
