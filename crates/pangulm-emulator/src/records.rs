//! What came in, for tests to ask about: the last thousand requests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

const MOST: usize = 1_000;
const MOST_HEADERS: usize = 100;
const LONGEST_VALUE: usize = 2_000;

/// One request and what became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    #[serde(skip)]
    number: u64,
    request_id: String,
    time: String,
    key: Option<String>,
    operation_id: Option<&'static str>,
    method: String,
    path: String,
    query: Option<String>,
    /// Values of headers that carry a secret are `***`.
    headers: BTreeMap<String, String>,
    /// The status answered; null while there is none, and when the connection was dropped.
    status: Option<u16>,
    /// Whether the client went away before the answer was complete.
    closed_early: bool,
}

/// The last requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    next: u64,
    records: VecDeque<Record>,
}

impl Records {
    /// Writes down a request as it comes in.
    pub(crate) fn open(
        &self,
        parts: &Parts,
        request_id: &str,
        time: String,
        operation_id: Option<&'static str>,
        key: Option<String>,
    ) -> Watch {
        let mut kept = self.lock();
        let number = kept.next;
        kept.next += 1;
        if kept.records.len() == MOST {
            kept.records.pop_front();
        }
        kept.records.push_back(Record {
            number,
            request_id: request_id.to_owned(),
            time,
            key,
            operation_id,
            method: parts.method.to_string(),
            path: clip(parts.uri.path()),
            query: parts.uri.query().map(|query| clip(&shown_query(query))),
            headers: without_secrets(&parts.headers),
            status: None,
            closed_early: false,
        });
        Watch {
            records: self.clone(),
            number,
            over: false,
        }
    }

    /// The requests kept, oldest first; with a key, only those that carried it.
    pub(crate) fn list(&self, key: Option<&str>) -> serde_json::Value {
        let kept = self.lock();
        let chosen = kept
            .records
            .iter()
            .filter(|r| key.is_none() || r.key.as_deref() == key);
        serde_json::to_value(chosen.collect::<Vec<_>>()).unwrap_or_default()
    }

    pub(crate) fn clear(&self) {
        self.lock().records.clear();
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.lock().records.iter_mut().find(|r| r.number == number) {
            change(record);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows one request to its end. Dropped before, the client must have gone away.
#[derive(Debug)]
pub(crate) struct Watch {
    records: Records,
    number: u64,
    over: bool,
}

impl Watch {
    pub(crate) fn answered(&self, status: StatusCode) {
        self.records
            .change(self.number, |record| record.status = Some(status.as_u16()));
    }

    pub(crate) fn over(&mut self) {
        self.over = true;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.over {
            self.records
                .change(self.number, |record| record.closed_early = true);
        }
    }
}

fn without_secrets(headers: &HeaderMap) -> BTreeMap<String, String> {
    let shown =
        |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), shown_value(name, value));
    headers.iter().take(MOST_HEADERS).map(shown).collect()
}

fn shown_value(name: &HeaderName, value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match name.as_str() {
        // The scheme is no secret, and tells which credential was used.
        "authorization" => {
            let scheme = text.split_once(' ').map_or("", |(scheme, _)| scheme);
            format!("{} ***", clip(scheme)).trim_start().to_owned()
        }
        "cookie"
        | "proxy-authorization"
        | "x-apig-appcode"
        | "x-auth-token"
        | "x-security-token"
        | "x-amz-security-token"
        | "x-obs-security-token"
        | "x-subject-token" => "***".to_owned(),
        _ => clip(&text),
    }
}

/// A presigned URL is as good as a key until it ends.
fn shown_query(query: &str) -> String {
    let shown = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name @ ("Signature" | "x-obs-security-token" | "x-amz-security-token"), _)) => {
            format!("{name}=***")
        }
        _ => pair.to_owned(),
    });
    shown.collect::<Vec<_>>().join("&")
}

fn clip(text: &str) -> String {
    text.chars().take(LONGEST_VALUE).collect()
}
