//! The list of a bucket's objects.

use axum::http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Asked, BUCKET, Object, refuse, xml};
use crate::calendar;
use crate::info::DOMAIN_ID;
use crate::reply::{Answer, Refusal};

/// The most entries of a page, and the default. The platform's are inferred from AWS.
const MOST_KEYS: usize = 1_000;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// One page.
#[derive(Default)]
struct Page {
    objects: Vec<(String, Object)>,
    prefixes: Vec<String>,
    /// The last entry, if there are more.
    next: Option<String>,
}

pub(super) fn list(asked: &Asked) -> Answer {
    let most = most_keys(asked)?;
    let [prefix, marker, delimiter] =
        ["prefix", "marker", "delimiter"].map(|name| asked.query(name).unwrap_or_default());
    let page = page(asked, (prefix, marker, delimiter), most);
    let encoded = asked.query("encoding-type") == Some("url");
    let shown = |text: &str| {
        if encoded {
            utf8_percent_encode(text, ENCODED).to_string()
        } else {
            text.to_owned()
        }
    };
    Ok(xml::answer("ListBucketResult", |out| {
        out.text("Name", BUCKET)
            .text("Prefix", &shown(prefix))
            .text("Marker", &shown(marker))
            .text("MaxKeys", &most.to_string());
        if !delimiter.is_empty() {
            out.text("Delimiter", &shown(delimiter));
        }
        if encoded {
            out.text("EncodingType", "url");
        }
        out.text("IsTruncated", &page.next.is_some().to_string());
        if let Some(next) = &page.next {
            out.text("NextMarker", &shown(next));
        }
        for (key, object) in &page.objects {
            out.element("Contents", |out| {
                out.text("Key", &shown(key))
                    .text("LastModified", &calendar::iso_millis(object.modified))
                    .text("ETag", &object.etag)
                    .text("Size", &object.content.len().to_string())
                    .element("Owner", |out| {
                        out.text("ID", DOMAIN_ID);
                    })
                    .text("StorageClass", "STANDARD");
            });
        }
        for prefix in &page.prefixes {
            out.element("CommonPrefixes", |out| {
                out.text("Prefix", &shown(prefix));
            });
        }
    }))
}

/// Keys in the order of their bytes, after the marker; those that share a beginning up to the
/// delimiter stand together as one.
fn page(asked: &Asked, (prefix, marker, delimiter): (&str, &str, &str), most: usize) -> Page {
    let kept = asked.state.obs.lock();
    let from = prefix.max(marker).to_owned();
    let mut page = Page::default();
    let mut last = String::new();
    for (key, object) in kept.objects.range(from..) {
        let Some(rest) = key.strip_prefix(prefix) else {
            break;
        };
        let end = (!delimiter.is_empty())
            .then(|| rest.find(delimiter))
            .flatten();
        let common = end.and_then(|at| key.get(..prefix.len() + at + delimiter.len()));
        let entry = common.unwrap_or(key);
        // A common beginning is passed when it is the marker, or came already.
        if entry <= marker || common.is_some_and(|it| it == last) {
            continue;
        }
        if page.objects.len() + page.prefixes.len() == most {
            page.next = Some(last);
            break;
        }
        match common {
            Some(common) => page.prefixes.push(common.to_owned()),
            None => page.objects.push((key.clone(), object.clone())),
        }
        last = entry.to_owned();
    }
    page
}

fn most_keys(asked: &Asked) -> Result<usize, Refusal> {
    let Some(text) = asked.query("max-keys") else {
        return Ok(MOST_KEYS);
    };
    let number = text.parse::<usize>().ok().filter(|number| *number > 0);
    number.map(|number| number.min(MOST_KEYS)).ok_or_else(|| {
        let message = "max-keys must be a whole number above 0.";
        refuse(StatusCode::BAD_REQUEST, "InvalidArgument", message)
    })
}
