//! What is in a bucket.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::{StreamExt, stream};
use pangulm_core::Error;
use percent_encoding::percent_decode_str;
use reqwest::Method;
use serde::Deserialize;

use super::call::{Ask, call};
use super::storage::Place;
use crate::driver::Driver;

/// Which objects to list. Default: all, in pages of up to 1000.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ListOptions {
    prefix: Option<String>,
    delimiter: Option<String>,
    page_size: Option<u32>,
}

impl ListOptions {
    /// All objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only keys that begin so.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Keys that are alike up to this text, after the prefix, come as one [`Entry::Folder`]. `/`
    /// makes folders of paths.
    pub fn delimiter(mut self, delimiter: impl Into<String>) -> Self {
        self.delimiter = Some(delimiter.into());
        self
    }

    /// How many entries to ask for at once. They all come, whatever this is. Default: OBS's.
    pub fn page_size(mut self, entries: u32) -> Self {
        self.page_size = Some(entries);
        self
    }
}

/// What a list holds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Entry {
    /// An object.
    #[non_exhaustive]
    Object {
        /// Its key.
        key: String,
        /// Its size in bytes.
        size: u64,
        /// Its ETag, in quotation marks as it is sent.
        etag: Option<String>,
        /// When it was last changed: `2026-01-02T03:04:05.678Z`.
        last_modified: Option<String>,
    },
    /// The common beginning of several keys, with the delimiter at its end.
    Folder(String),
}

impl Entry {
    /// The object's key, or the folder's common beginning.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Object { key, .. } | Self::Folder(key) => key,
        }
    }
}

/// The entries of a bucket, page after page, as a [`Stream`] or by [`next`](Self::next). The next
/// page is asked for when the one before is used up. After an error it is over.
pub struct Listing {
    entries: Pin<Box<dyn Stream<Item = Result<Entry, Error>> + Send>>,
}

impl Listing {
    pub(super) fn new(driver: Driver, place: Place, options: ListOptions) -> Self {
        let state = State {
            driver,
            place,
            options,
            entries: VecDeque::new(),
            next: Next::First,
        };
        Self {
            entries: Box::pin(stream::unfold(state, State::advance)),
        }
    }

    /// The next entry; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Entry, Error>> {
        self.entries.next().await
    }
}

impl Stream for Listing {
    type Item = Result<Entry, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.entries.as_mut().poll_next(context)
    }
}

impl fmt::Debug for Listing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Listing")
    }
}

/// Where a listing stands.
struct State {
    driver: Driver,
    place: Place,
    options: ListOptions,
    entries: VecDeque<Entry>,
    next: Next,
}

enum Next {
    First,
    After(String),
    Nothing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Page {
    is_truncated: bool,
    next_marker: Option<String>,
    contents: Vec<Contents>,
    common_prefixes: Vec<Common>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contents {
    key: String,
    #[serde(default)]
    size: u64,
    #[serde(rename = "ETag")]
    etag: Option<String>,
    last_modified: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Common {
    prefix: String,
}

impl State {
    async fn advance(mut self) -> Option<(Result<Entry, Error>, Self)> {
        loop {
            if let Some(entry) = self.entries.pop_front() {
                return Some((Ok(entry), self));
            }
            let marker = match std::mem::replace(&mut self.next, Next::Nothing) {
                Next::First => None,
                Next::After(marker) => Some(marker),
                Next::Nothing => return None,
            };
            if let Err(error) = self.fetch(marker.as_deref()).await {
                return Some((Err(error), self));
            }
        }
    }

    async fn fetch(&mut self, marker: Option<&str>) -> Result<(), Error> {
        let size = self.options.page_size.map(|size| size.to_string());
        // Keys may hold what XML cannot.
        let mut ask =
            Ask::new("obs.listObjects", Method::GET, None).query("encoding-type", Some("url"));
        for (name, value) in [
            ("prefix", self.options.prefix.as_deref()),
            ("delimiter", self.options.delimiter.as_deref()),
            ("marker", marker),
            ("max-keys", size.as_deref()),
        ] {
            if value.is_some() {
                ask = ask.query(name, value);
            }
        }
        let answer = call(&self.driver, &self.place, ask).await?;
        let limit = self.driver.settings().max_answer_bytes();
        let page: Page = answer.xml(limit).await?;
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let folders = page
            .common_prefixes
            .iter()
            .map(|it| Entry::Folder(decode(&it.prefix)));
        let objects = page.contents.into_iter().map(|it| Entry::Object {
            key: decode(&it.key),
            size: it.size,
            etag: it.etag,
            last_modified: it.last_modified,
        });
        self.entries = objects.chain(folders).collect();
        if page.is_truncated {
            // OBS names the next marker with a delimiter, and AWS's old interface only then.
            let named = page.next_marker.map(|marker| decode(&marker));
            let last = || self.entries.iter().map(Entry::key).max().map(str::to_owned);
            if let Some(next) = named.or_else(last).filter(|next| marker < Some(next)) {
                self.next = Next::After(next);
            }
        }
        Ok(())
    }
}
