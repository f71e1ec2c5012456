//! One bucket and its objects.

use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use pangulm_core::Error;
use reqwest::Method;

use super::body::Body;
use super::call::{Answer, Ask, call, presigned};
use super::download::Download;
use super::info::ObjectInfo;
use super::list::{ListOptions, Listing};
use super::storage::Place;
use crate::driver::Driver;

/// A bucket; from [`Obs::bucket`](super::Obs::bucket). Keys are given as they are, not encoded.
#[derive(Clone)]
pub struct Bucket {
    pub(super) driver: Driver,
    pub(super) place: Place,
}

/// What is said about an object that is put.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct PutOptions {
    content_type: Option<String>,
    metadata: Vec<(String, String)>,
}

impl PutOptions {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The media type, such as `application/json`. Default: OBS's, `binary/octet-stream`.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Metadata of your own, sent as `x-obs-meta-NAME`. Visible ASCII and spaces.
    pub fn metadata(mut self, name: &str, value: impl Into<String>) -> Self {
        self.metadata.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn apply<'a>(&self, mut ask: Ask<'a>) -> Ask<'a> {
        if let Some(media_type) = &self.content_type {
            ask = ask.header("content-type", media_type);
        }
        for (name, value) in &self.metadata {
            ask = ask.header(&format!("x-obs-meta-{}", name.to_ascii_lowercase()), value);
        }
        ask
    }
}

/// An object that was put.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Stored {
    /// Its ETag, in quotation marks as it is sent.
    pub etag: Option<String>,
    /// OBS's id of the request: support asks for it.
    pub request_id: Option<String>,
}

impl Bucket {
    pub(super) fn new(driver: Driver, place: Place) -> Self {
        Self { driver, place }
    }

    pub(super) async fn call(&self, ask: Ask<'_>) -> Result<Answer, Error> {
        call(&self.driver, &self.place, ask).await
    }

    /// Puts an object, in place of one of the same key. Up to 5 GB; for more, and for streams of
    /// unknown length, there is [`upload`](Self::upload).
    ///
    /// # Errors
    /// The key cannot be sent, or the call failed.
    pub async fn put(&self, key: &str, body: impl Into<Body>) -> Result<Stored, Error> {
        self.put_with(key, body, PutOptions::new()).await
    }

    /// Puts an object with a media type or metadata.
    ///
    /// # Errors
    /// Those of [`put`](Self::put).
    ///
    /// ```no_run
    /// # async fn demo(bucket: pangulm::obs::Bucket) -> Result<(), pangulm::Error> {
    /// use pangulm::obs::PutOptions;
    ///
    /// let options = PutOptions::new().content_type("application/json").metadata("origin", "lab");
    /// bucket.put_with("input.json", r#"{"lead_time": 24}"#, options).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn put_with(
        &self,
        key: &str,
        body: impl Into<Body>,
        options: PutOptions,
    ) -> Result<Stored, Error> {
        let ask = Ask::new("obs.putObject", Method::PUT, Some(key)).body(body);
        let answer = self.call(options.apply(ask)).await?;
        Ok(Stored {
            etag: answer.header("etag"),
            request_id: answer.header("x-obs-request-id"),
        })
    }

    /// Gets an object, as a stream of its bytes.
    ///
    /// # Errors
    /// There is no such object (code `NoSuchKey`), or the call failed.
    pub async fn get(&self, key: &str) -> Result<Download, Error> {
        self.get_range(key, ..).await
    }

    /// Gets some bytes of an object: `0..100`, `100..`, `..=99`.
    ///
    /// # Errors
    /// The range is empty or beyond the object (status 416), or those of [`get`](Self::get).
    pub async fn get_range(
        &self,
        key: &str,
        range: impl RangeBounds<u64>,
    ) -> Result<Download, Error> {
        let mut ask = Ask::new("obs.getObject", Method::GET, Some(key));
        if let Some(header) = range_header(&range)? {
            ask = ask.header("range", header);
        }
        let answer = self.call(ask).await?;
        Ok(Download::new(&self.driver, answer))
    }

    /// What is known about an object, without its bytes.
    ///
    /// # Errors
    /// There is no such object (status 404; a HEAD has no code), or the call failed.
    pub async fn head(&self, key: &str) -> Result<ObjectInfo, Error> {
        let ask = Ask::new("obs.headObject", Method::HEAD, Some(key));
        let answer = self.call(ask).await?;
        Ok(ObjectInfo::of(&answer.headers))
    }

    /// Deletes an object. That there is none is no error.
    ///
    /// # Errors
    /// The call failed.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        let ask = Ask::new("obs.deleteObject", Method::DELETE, Some(key));
        self.call(ask).await.map(drop)
    }

    /// Lists all objects.
    #[must_use]
    pub fn list(&self) -> Listing {
        self.list_with(ListOptions::new())
    }

    /// Lists some objects, or folders.
    #[must_use]
    pub fn list_with(&self, options: ListOptions) -> Listing {
        Listing::new(self.driver.clone(), self.place.clone(), options)
    }

    /// A URL with which anyone may get this object until it ends: a second to 20 years from now, or
    /// to the end of the temporary key that signs it.
    ///
    /// The URL is as good as a key: keep it out of logs.
    ///
    /// # Errors
    /// The lifetime is out of range, or there is no key to sign with.
    pub async fn presign_get(&self, key: &str, lifetime: Duration) -> Result<String, Error> {
        let ask = Ask::new("obs.getObject", Method::GET, Some(key));
        presigned(&self.driver, &self.place, &ask, lifetime).await
    }

    /// A URL with which anyone may put this object until it ends. What the options say must be sent
    /// with it, in headers of the same values.
    ///
    /// # Errors
    /// Those of [`presign_get`](Self::presign_get).
    pub async fn presign_put(
        &self,
        key: &str,
        lifetime: Duration,
        options: PutOptions,
    ) -> Result<String, Error> {
        let ask = options.apply(Ask::new("obs.putObject", Method::PUT, Some(key)));
        presigned(&self.driver, &self.place, &ask, lifetime).await
    }
}

/// The `Range` header; nothing for the whole object.
fn range_header(range: &impl RangeBounds<u64>) -> Result<Option<String>, Error> {
    let first = match range.start_bound() {
        Bound::Included(first) => *first,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(last) => Some(last.saturating_add(1)),
        Bound::Excluded(end) => Some(*end),
        Bound::Unbounded => None,
    };
    match end {
        None if first == 0 => Ok(None),
        None => Ok(Some(format!("bytes={first}-"))),
        Some(end) if first < end => Ok(Some(format!("bytes={first}-{}", end - 1))),
        Some(_) => Err(Error::invalid("range", "must hold at least one byte")),
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Bucket")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_http_has_them() {
        let shown = |header: Result<Option<String>, Error>| header.unwrap();
        assert_eq!(shown(range_header(&(..))), None);
        assert_eq!(shown(range_header(&(3..))).as_deref(), Some("bytes=3-"));
        assert_eq!(
            shown(range_header(&(0..100))).as_deref(),
            Some("bytes=0-99")
        );
        assert_eq!(shown(range_header(&(..=9))).as_deref(), Some("bytes=0-9"));
        assert_eq!(range_header(&(5..5)).unwrap_err().field(), Some("range"));
    }
}
