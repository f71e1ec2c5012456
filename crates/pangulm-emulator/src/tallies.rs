//! How often each key came, and what it set off: for drills that count generations.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};

const MOST_KEYS: usize = 10_000;

/// What came of the requests with one key.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Tally {
    /// How many came.
    requests: u32,
    /// How many of them were answered with 401, 429 or 503, before anything began.
    refused: u32,
    /// How many began an answer of a model.
    generations: u32,
}

/// The tallies of the last keys seen.
#[derive(Debug, Default)]
pub(crate) struct Tallies(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Oldest first.
    order: VecDeque<String>,
    by_key: HashMap<String, Tally>,
}

impl Tallies {
    pub(crate) fn request(&self, key: &str) {
        self.count(key, |tally| &mut tally.requests);
    }

    /// An answer of a model begins.
    pub(crate) fn generation(&self, key: &str) {
        self.count(key, |tally| &mut tally.generations);
    }

    /// A request got this answer.
    pub(crate) fn answered(&self, key: &str, status: StatusCode) {
        if matches!(status.as_u16(), 401 | 429 | 503) {
            self.count(key, |tally| &mut tally.refused);
        }
    }

    /// The tallies of these keys, by key; keys that never came, or came too long ago, are left out.
    pub(crate) fn list<'k>(&self, keys: impl Iterator<Item = &'k str>) -> Value {
        let kept = self.lock();
        let known = keys.filter_map(|key| {
            let tally = kept.by_key.get(key)?;
            let json = serde_json::to_value(tally).ok()?;
            Some((key.to_owned(), json))
        });
        Value::Object(known.collect::<Map<_, _>>())
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn count(&self, key: &str, number: impl FnOnce(&mut Tally) -> &mut u32) {
        let mut kept = self.lock();
        if !kept.by_key.contains_key(key) {
            if kept.order.len() == MOST_KEYS
                && let Some(oldest) = kept.order.pop_front()
            {
                kept.by_key.remove(&oldest);
            }
            kept.order.push_back(key.to_owned());
        }
        let number = number(kept.by_key.entry(key.to_owned()).or_default());
        *number = number.saturating_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
