//! Objects that come as a stream of unknown length, or are too large for one request.

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use pangulm_core::{Error, ErrorKind};
use quick_xml::escape::escape;
use reqwest::Method;
use serde::Deserialize;

use super::bucket::{Bucket, PutOptions, Stored};
use super::call::Ask;
use crate::token::BoxError;

/// 8 MiB.
const DEFAULT_PART: usize = 8 << 20;
/// OBS's bounds (facts: auth.md 5.4).
const SMALLEST_PART: usize = 100 << 10;
const LARGEST_PART: u64 = 5 << 30;
/// Inferred.
const MOST_PARTS: usize = 10_000;
const DEFAULT_PARALLEL: usize = 4;

/// How an object is uploaded in parts.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct UploadOptions {
    put: PutOptions,
    part_size: Option<usize>,
    parallel: Option<usize>,
}

impl UploadOptions {
    /// Parts of 8 MiB, four at a time.
    pub fn new() -> Self {
        Self::default()
    }

    /// Media type and metadata of the object.
    pub fn put(mut self, options: PutOptions) -> Self {
        self.put = options;
        self
    }

    /// The size of a part in bytes, 100 KiB to 5 GiB. An object has at most 10000 parts. Default:
    /// 8 MiB.
    pub fn part_size(mut self, bytes: usize) -> Self {
        self.part_size = Some(bytes);
        self
    }

    /// How many parts are sent at a time, at least one. So many and one more are in memory. Default:
    /// 4.
    pub fn parallel(mut self, parts: usize) -> Self {
        self.parallel = Some(parts);
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Begun {
    upload_id: String,
}

#[derive(Deserialize)]
struct Completed {
    #[serde(rename = "ETag")]
    etag: Option<String>,
}

impl Bucket {
    /// Uploads a stream of any length in parts, each of which is sent again if it fails on the way.
    /// What fits into one part is put in one request.
    ///
    /// If it fails, the parts that arrived are deleted again. If the future is dropped they stay, and
    /// cost, until the upload is given up in the console.
    ///
    /// # Errors
    /// The stream gave an error or more than 10000 parts, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(bucket: pangulm::obs::Bucket) -> Result<(), pangulm::Error> {
    /// let lines = futures_util::stream::iter((0..1_000_000).map(|n| Ok::<_, std::io::Error>(format!("{n}\n"))));
    /// bucket.upload("numbers.txt", lines).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload<S, B, E>(&self, key: &str, stream: S) -> Result<Stored, Error>
    where
        S: Stream<Item = Result<B, E>> + Send,
        B: Into<Bytes> + Send,
        E: Into<BoxError>,
    {
        self.upload_with(key, stream, UploadOptions::new()).await
    }

    /// Uploads a stream in parts of another size, or with a media type or metadata.
    ///
    /// # Errors
    /// An option is out of range, or those of [`upload`](Self::upload).
    pub async fn upload_with<S, B, E>(
        &self,
        key: &str,
        stream: S,
        options: UploadOptions,
    ) -> Result<Stored, Error>
    where
        S: Stream<Item = Result<B, E>> + Send,
        B: Into<Bytes> + Send,
        E: Into<BoxError>,
    {
        let size = part_size(&options)?;
        let bytes = stream
            .map_ok(Into::into)
            .map_err(|error| source_failed(&error.into()));
        let mut parts = parts(bytes.boxed(), size);
        let first = parts.next().await.transpose()?.unwrap_or_default();
        if first.len() < size {
            return self.put_with(key, first, options.put).await;
        }
        let id = self.begin(key, &options.put).await?;
        let parts = stream::once(async { Ok(first) }).chain(parts).boxed();
        let parallel = options.parallel.unwrap_or(DEFAULT_PARALLEL).max(1);
        let sent = self.send_parts(key, &id, parts, parallel).await;
        let done = match sent {
            Ok(etags) => self.complete(key, &id, &etags).await,
            Err(error) => Err(error),
        };
        if done.is_err() {
            // The first failure is the one to tell.
            let _ = self.abort(key, &id).await;
        }
        done
    }

    async fn begin(&self, key: &str, options: &PutOptions) -> Result<String, Error> {
        let ask = Ask::new("obs.beginUpload", Method::POST, Some(key)).query("uploads", None);
        let begun: Begun = self.call(options.apply(ask)).await?.xml(1 << 16).await?;
        Ok(begun.upload_id)
    }

    /// The ETags of the parts, in their order.
    async fn send_parts(
        &self,
        key: &str,
        id: &str,
        parts: BoxStream<'_, Result<Bytes, Error>>,
        parallel: usize,
    ) -> Result<Vec<String>, Error> {
        parts
            .enumerate()
            .map(|(index, part)| async move { self.send_part(key, id, index + 1, part?).await })
            .buffered(parallel)
            .try_collect()
            .await
    }

    async fn send_part(
        &self,
        key: &str,
        id: &str,
        number: usize,
        part: Bytes,
    ) -> Result<String, Error> {
        if number > MOST_PARTS {
            let message = "is too small for this stream: an object has at most 10000 parts";
            return Err(Error::invalid("part_size", message));
        }
        let number = number.to_string();
        let ask = Ask::new("obs.uploadPart", Method::PUT, Some(key))
            .query("partNumber", Some(&number))
            .query("uploadId", Some(id))
            .body(part);
        let answer = self.call(ask).await?;
        answer.header("etag").ok_or_else(|| {
            let message = "OBS did not name the ETag of a part that it took";
            answer.broken(ErrorKind::UnexpectedAnswer, message)
        })
    }

    async fn complete(&self, key: &str, id: &str, etags: &[String]) -> Result<Stored, Error> {
        let mut body = String::from("<CompleteMultipartUpload>");
        for (index, etag) in etags.iter().enumerate() {
            let (number, etag) = (index + 1, escape(etag.as_str()));
            body += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
        }
        body += "</CompleteMultipartUpload>";
        let ask = Ask::new("obs.completeUpload", Method::POST, Some(key))
            .query("uploadId", Some(id))
            .header("content-type", "application/xml")
            .body(body);
        let answer = self.call(ask).await?;
        let request_id = answer.header("x-obs-request-id");
        let completed: Completed = answer.xml(1 << 16).await?;
        Ok(Stored {
            etag: completed.etag,
            request_id,
        })
    }

    async fn abort(&self, key: &str, id: &str) -> Result<(), Error> {
        let ask =
            Ask::new("obs.abortUpload", Method::DELETE, Some(key)).query("uploadId", Some(id));
        self.call(ask).await.map(drop)
    }
}

fn part_size(options: &UploadOptions) -> Result<usize, Error> {
    let size = options.part_size.unwrap_or(DEFAULT_PART);
    let fits = size >= SMALLEST_PART && u64::try_from(size).is_ok_and(|size| size <= LARGEST_PART);
    if fits {
        return Ok(size);
    }
    let message = format!("must be from 100 KiB to 5 GiB (102400 to 5368709120 bytes); got {size}");
    Err(Error::invalid("part_size", message))
}

/// The same bytes in parts of `size`, the last one less.
fn parts(
    bytes: BoxStream<'_, Result<Bytes, Error>>,
    size: usize,
) -> BoxStream<'_, Result<Bytes, Error>> {
    let state = (bytes, BytesMut::new(), false);
    stream::try_unfold(state, move |(mut bytes, mut open, mut ended)| async move {
        while open.len() < size && !ended {
            match bytes.next().await.transpose()? {
                Some(piece) => open.extend_from_slice(&piece),
                None => ended = true,
            }
        }
        let part = open.split_to(size.min(open.len())).freeze();
        Ok((!part.is_empty()).then_some((part, (bytes, open, ended))))
    })
    .boxed()
}

fn source_failed(error: &BoxError) -> Error {
    let message = format!("the stream to upload failed: {error}");
    Error::builder(ErrorKind::InvalidInput, message)
        .field("stream")
        .build()
}
