//! What is known about an object without its bytes.

use pangulm_core::headers::Headers;

/// What a request for an object said about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ObjectInfo {
    /// The size of the whole object in bytes, also when a range was asked for; `None` if OBS did not
    /// say.
    pub size: Option<u64>,
    /// The ETag, in quotation marks as it is sent.
    pub etag: Option<String>,
    /// The media type.
    pub content_type: Option<String>,
    /// When it was last changed: `Fri, 24 May 2013 00:00:00 GMT`.
    pub last_modified: Option<String>,
    /// Metadata of the caller's own, its names in lower case and without `x-obs-meta-`.
    pub metadata: Vec<(String, String)>,
    /// OBS's id of the request: support asks for it.
    pub request_id: Option<String>,
}

impl ObjectInfo {
    pub(super) fn of(headers: &Headers) -> Self {
        let text = |name: &str| headers.get(name).map(str::to_owned);
        let number = |text: &str| text.parse().ok();
        let total = headers
            .get("content-range")
            .and_then(|range| number(range.rsplit_once('/')?.1));
        let metadata = headers.iter().filter_map(|(name, value)| {
            let own = name.strip_prefix("x-obs-meta-");
            let own = own.or_else(|| name.strip_prefix("x-amz-meta-"))?;
            Some((own.to_owned(), value.to_owned()))
        });
        Self {
            size: total.or_else(|| headers.get("content-length").and_then(number)),
            etag: text("etag"),
            content_type: text("content-type"),
            last_modified: text("last-modified"),
            metadata: metadata.collect(),
            request_id: text("x-obs-request-id"),
        }
    }
}
