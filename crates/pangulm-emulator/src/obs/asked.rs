//! A request as OBS reads it: bucket, key, sub-resources.

use std::sync::Arc;

use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::state::State;

/// Sub-resources and overrides that the emulator serves.
const KNOWN: [&str; 13] = [
    "cors",
    "uploads",
    "uploadId",
    "partNumber",
    "prefix",
    "marker",
    "delimiter",
    "max-keys",
    "encoding-type",
    "response-content-type",
    "response-content-disposition",
    "response-cache-control",
    "response-content-language",
];

/// The parameters of a presigned URL.
const SIGNATURE: [&str; 6] = [
    "AccessKeyId",
    "AWSAccessKeyId",
    "Expires",
    "Signature",
    "x-obs-security-token",
    "x-amz-security-token",
];

/// The bucket and the object that a request names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
}

impl Place {
    /// The bucket stands before the host (`bucket.localhost`), or is the path's first segment.
    pub(crate) fn of(parts: &Parts) -> Self {
        let host = parts
            .headers
            .get("host")
            .and_then(|value| value.to_str().ok());
        let host = host.unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let path = parts.uri.path();
        let path = path.strip_prefix('/').unwrap_or(path);
        let (bucket, key) = match name.strip_suffix(".localhost") {
            Some(bucket) => (bucket.to_owned(), path),
            None => match path.split_once('/') {
                Some((bucket, key)) => (decode(bucket), key),
                None => (decode(path), ""),
            },
        };
        let full = |text: String| (!text.is_empty()).then_some(text);
        Self {
            bucket: full(bucket),
            key: full(decode(key)),
        }
    }
}

/// A request to OBS.
pub(crate) struct Asked {
    pub(crate) state: Arc<State>,
    pub(crate) parts: Parts,
    pub(crate) request_id: String,
    pub(crate) place: Place,
    query: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn new(state: Arc<State>, parts: Parts, place: Place, request_id: &str) -> Self {
        let pairs = parts.uri.query().unwrap_or_default().split('&');
        let query = pairs
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect();
        Self {
            state,
            parts,
            request_id: request_id.to_owned(),
            place,
            query,
        }
    }

    pub(crate) fn key(&self) -> &str {
        self.place.key.as_deref().unwrap_or_default()
    }

    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.query(name).is_some()
    }

    /// Whether the query asks for something that is not served here.
    pub(crate) fn is_beyond_us(&self) -> bool {
        let is_known = |name: &str| KNOWN.contains(&name) || SIGNATURE.contains(&name);
        let copies = |name: &str| self.parts.headers.contains_key(name);
        self.query.iter().any(|(name, _)| !is_known(name))
            || copies("x-obs-copy-source")
            || copies("x-amz-copy-source")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    }
}

/// Percent-decoded once; a `+` is a plus.
fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
