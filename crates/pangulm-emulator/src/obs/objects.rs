//! Single objects: put, get, head, delete.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG};
use axum::http::header::{HeaderMap, LAST_MODIFIED};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;

use super::range::{self, Wanted};
use super::{Asked, Object, md5, refuse};
use crate::calendar;
use crate::reply::{Answer, Refusal};

/// Query parameters that take the place of an answer's headers.
const OVERRIDES: [(&str, &str); 4] = [
    ("response-content-type", "content-type"),
    ("response-content-disposition", "content-disposition"),
    ("response-cache-control", "cache-control"),
    ("response-content-language", "content-language"),
];

pub(super) async fn put(asked: &Asked, body: Body) -> Answer {
    let (content, digest) = md5::take(asked, body).await?;
    let object = Object {
        content,
        etag: md5::etag(&digest),
        content_type: asked.header("content-type").map(str::to_owned),
        metadata: metadata(&asked.parts.headers),
        modified: asked.state.clock.micros(),
    };
    let mut response = empty(StatusCode::OK);
    insert(response.headers_mut(), "etag", &object.etag);
    asked
        .state
        .obs
        .keep(asked.key(), object)
        .map_err(md5::full)?;
    Ok(response)
}

/// The object, with its bytes or without.
pub(super) fn get(asked: &Asked, with_bytes: bool) -> Answer {
    let bucket = asked.place.bucket.as_deref().unwrap_or_default();
    let Some(object) = asked.state.obs.find(bucket, asked.key()) else {
        let message = "The specified key does not exist.";
        return Err(refuse(StatusCode::NOT_FOUND, "NoSuchKey", message));
    };
    let length = object.content.len();
    let (status, range) = match range::read(asked.header("range"), length) {
        Wanted::Whole => (StatusCode::OK, 0..length),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Unsatisfiable => return Err(unsatisfiable(length)),
    };
    let mut response = empty(status);
    let headers = response.headers_mut();
    describe(headers, &object, &asked.parts.headers);
    headers.insert(CONTENT_LENGTH, (range.end - range.start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        let (first, last) = (range.start, range.end - 1);
        let text = format!("bytes {first}-{last}/{length}");
        insert(headers, CONTENT_RANGE.as_str(), &text);
    }
    for (parameter, header) in OVERRIDES {
        if let Some(value) = asked.query(parameter) {
            insert(headers, header, value);
        }
    }
    if with_bytes {
        let pieces = object.content.slices(range).into_iter();
        let pieces = stream::iter(pieces.map(Ok::<_, Infallible>));
        *response.body_mut() = Body::from_stream(pieces);
    }
    Ok(response)
}

pub(super) fn delete(asked: &Asked) -> Answer {
    asked.state.obs.lock().objects.remove(asked.key());
    Ok(empty(StatusCode::NO_CONTENT))
}

pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The object's own headers, named as the request names its.
fn describe(headers: &mut HeaderMap, object: &Object, asked: &HeaderMap) {
    let amz = asked.keys().any(|name| name.as_str().starts_with("x-amz-"));
    let prefix = if amz { "x-amz-meta-" } else { "x-obs-meta-" };
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    insert(headers, ETAG.as_str(), &object.etag);
    let modified = calendar::http_date(object.modified / 1_000_000);
    insert(headers, LAST_MODIFIED.as_str(), &modified);
    let content_type = object.content_type.as_deref();
    insert(
        headers,
        CONTENT_TYPE.as_str(),
        content_type.unwrap_or("binary/octet-stream"),
    );
    for (name, value) in &object.metadata {
        insert(headers, &format!("{prefix}{name}"), value);
    }
}

/// What the caller says about an object, under names of either dialect.
pub(super) fn metadata(headers: &HeaderMap) -> Vec<(String, String)> {
    let own = |name: &str| {
        let rest = name.strip_prefix("x-obs-meta-");
        rest.or_else(|| name.strip_prefix("x-amz-meta-"))
            .map(str::to_owned)
    };
    let pairs = headers
        .iter()
        .filter_map(|(name, value)| Some((own(name.as_str())?, value.to_str().ok()?.to_owned())));
    pairs.collect()
}

pub(super) fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (
        HeaderName::from_bytes(name.as_bytes()),
        HeaderValue::from_str(value),
    ) {
        headers.insert(name, value);
    }
}

fn unsatisfiable(length: u64) -> Refusal {
    let message = format!("The range lies beyond the object, which has {length} bytes.");
    refuse(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message)
}
