//! The bucket's CORS rules: OBS is the one service on which users can allow calls from pages
//! themselves (facts: auth 5.6).

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::{Asked, Store, md5, objects, refuse, xml};
use crate::reply::Answer;

/// The most rules kept; the platform's bound is not known.
const MOST_RULES: usize = 100;

#[derive(Deserialize)]
struct Configuration {
    #[serde(default, rename = "CORSRule")]
    rules: Vec<Rule>,
}

/// What pages of some origins may do.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rule {
    #[serde(rename = "ID")]
    id: Option<String>,
    #[serde(default, rename = "AllowedMethod")]
    methods: Vec<String>,
    #[serde(default, rename = "AllowedOrigin")]
    origins: Vec<String>,
    #[serde(default, rename = "AllowedHeader")]
    headers: Vec<String>,
    max_age_seconds: Option<u64>,
    #[serde(default, rename = "ExposeHeader")]
    exposed: Vec<String>,
}

impl Rule {
    fn allows(&self, origin: &str, method: &str) -> bool {
        let is_origin = |pattern: &String| fits(pattern, origin);
        self.origins.iter().any(is_origin) && self.methods.iter().any(|it| it == method)
    }

    fn allows_headers(&self, asked: &str) -> bool {
        let names = asked
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        names.into_iter().all(|name| {
            let name = name.to_ascii_lowercase();
            let mut patterns = self.headers.iter();
            patterns.any(|pattern| fits(&pattern.to_ascii_lowercase(), &name))
        })
    }
}

/// Whether a text fits a pattern, which may hold one `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        Some((head, tail)) => {
            text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
        }
        None => pattern == text,
    }
}

/// PUT ?cors
pub(super) async fn set(asked: &Asked, body: Body) -> Answer {
    if asked.header("content-md5").is_none() {
        let message = "Content-MD5 is missing, and the CORS configuration needs it.";
        return Err(refuse(StatusCode::BAD_REQUEST, "InvalidRequest", message));
    }
    let given: Configuration = xml::read(&md5::take_text(asked, body).await?)?;
    let fits = (1..=MOST_RULES).contains(&given.rules.len())
        && given
            .rules
            .iter()
            .all(|rule| !rule.methods.is_empty() && !rule.origins.is_empty());
    if !fits {
        let message =
            "There must be 1 to 100 rules, each with an AllowedMethod and an AllowedOrigin.";
        return Err(refuse(StatusCode::BAD_REQUEST, "MalformedXML", message));
    }
    asked.state.obs.lock().cors = given.rules;
    Ok(objects::empty(StatusCode::OK))
}

/// GET ?cors
pub(super) fn get(asked: &Asked) -> Answer {
    let rules = asked.state.obs.lock().cors.clone();
    if rules.is_empty() {
        let message = "The CORS configuration does not exist.";
        let code = "NoSuchCORSConfiguration";
        return Err(refuse(StatusCode::NOT_FOUND, code, message));
    }
    Ok(xml::answer("CORSConfiguration", |out| {
        for rule in &rules {
            out.element("CORSRule", |out| write(out, rule));
        }
    }))
}

fn write(out: &mut xml::Writer, rule: &Rule) {
    if let Some(id) = &rule.id {
        out.text("ID", id);
    }
    for (name, values) in [
        ("AllowedMethod", &rule.methods),
        ("AllowedOrigin", &rule.origins),
        ("AllowedHeader", &rule.headers),
        ("ExposeHeader", &rule.exposed),
    ] {
        for value in values {
            out.text(name, value);
        }
    }
    if let Some(seconds) = rule.max_age_seconds {
        out.text("MaxAgeSeconds", &seconds.to_string());
    }
}

/// DELETE ?cors
pub(super) fn delete(asked: &Asked) -> Response {
    asked.state.obs.lock().cors.clear();
    objects::empty(StatusCode::NO_CONTENT)
}

/// A browser's question before it sends the request itself.
pub(super) fn preflight(store: &Store, parts: &Parts) -> Answer {
    let text = |name: &str| {
        let value = parts.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let (origin, method) = (text("origin"), text("access-control-request-method"));
    let headers = text("access-control-request-headers");
    let kept = store.lock();
    let rule = kept
        .cors
        .iter()
        .find(|rule| rule.allows(origin, method) && rule.allows_headers(headers));
    let Some(rule) = rule else {
        let message = "No CORS rule of the bucket allows this.";
        return Err(refuse(StatusCode::FORBIDDEN, "AccessForbidden", message));
    };
    let mut response = objects::empty(StatusCode::OK);
    let out = response.headers_mut();
    objects::insert(out, ACCESS_CONTROL_ALLOW_ORIGIN.as_str(), origin);
    let methods = rule.methods.join(", ");
    objects::insert(out, ACCESS_CONTROL_ALLOW_METHODS.as_str(), &methods);
    objects::insert(out, ACCESS_CONTROL_ALLOW_HEADERS.as_str(), headers);
    if let Some(seconds) = rule.max_age_seconds {
        out.insert(ACCESS_CONTROL_MAX_AGE, seconds.into());
    }
    Ok(response)
}

/// What an answer to a page of an allowed origin carries.
pub(super) fn mark(
    store: &Store,
    method: &Method,
    origin: Option<&HeaderValue>,
    response: &mut Response,
) {
    let Some(origin) = origin.and_then(|value| value.to_str().ok()) else {
        return;
    };
    let kept = store.lock();
    let method = method.as_str();
    if let Some(rule) = kept.cors.iter().find(|rule| rule.allows(origin, method)) {
        let out = response.headers_mut();
        objects::insert(out, ACCESS_CONTROL_ALLOW_ORIGIN.as_str(), origin);
        let exposed = rule.exposed.join(", ");
        objects::insert(out, ACCESS_CONTROL_EXPOSE_HEADERS.as_str(), &exposed);
    }
}
