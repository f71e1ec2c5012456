//! Uploads in parts.

use axum::body::Body;
use axum::http::StatusCode;
use serde::Deserialize;

use super::store::{Part, Upload};
use super::{Asked, BUCKET, Content, Object, md5, objects, refuse, xml};
use crate::reply::{Answer, Refusal};
use crate::{calendar, random};

/// The smallest part that may not be the last one (facts: auth 5.4).
const SMALLEST_PART: u64 = 100 * 1024;
const LAST_PART: u32 = 10_000;

#[derive(Deserialize)]
struct Complete {
    #[serde(default, rename = "Part")]
    parts: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    part_number: u32,
    #[serde(rename = "ETag")]
    etag: String,
}

pub(super) fn begin(asked: &Asked) -> Answer {
    let id = random::hex(32);
    let upload = Upload {
        key: asked.key().to_owned(),
        content_type: asked.header("content-type").map(str::to_owned),
        metadata: objects::metadata(&asked.parts.headers),
        parts: std::collections::BTreeMap::new(),
    };
    let begun = asked.state.obs.begin(id.clone(), upload);
    begun.map_err(md5::full)?;
    Ok(xml::answer("InitiateMultipartUploadResult", |out| {
        out.text("Bucket", BUCKET)
            .text("Key", asked.key())
            .text("UploadId", &id);
    }))
}

pub(super) async fn part(asked: &Asked, body: Body) -> Answer {
    let number = asked
        .query("partNumber")
        .and_then(|text| text.parse::<u32>().ok());
    let Some(number) = number.filter(|number| (1..=LAST_PART).contains(number)) else {
        let message = "partNumber must be from 1 to 10000.";
        return Err(refuse(StatusCode::BAD_REQUEST, "InvalidArgument", message));
    };
    with_upload(asked, |_| Ok(()))?;
    let (content, digest) = md5::take(asked, body).await?;
    let part = Part {
        content,
        md5: digest,
        modified: asked.state.clock.micros(),
    };
    with_upload(asked, |upload| {
        upload.parts.insert(number, part);
        Ok(())
    })?;
    let mut response = objects::empty(StatusCode::OK);
    objects::insert(response.headers_mut(), "etag", &md5::etag(&digest));
    Ok(response)
}

pub(super) async fn complete(asked: &Asked, body: Body) -> Answer {
    let named: Complete = xml::read(&md5::take_text(asked, body).await?)?;
    let object = with_upload(asked, |upload| joined(upload, &named.parts))?;
    let etag = object.etag.clone();
    let modified = asked.state.clock.micros();
    let object = Object { modified, ..object };
    let store = &asked.state.obs;
    store.keep(asked.key(), object).map_err(md5::full)?;
    let id = asked.query("uploadId").unwrap_or_default();
    store.lock().uploads.remove(id);
    let location = format!("{}/{BUCKET}/{}", asked.state.info.obs_url, asked.key());
    Ok(xml::answer("CompleteMultipartUploadResult", |out| {
        out.text("Location", &location)
            .text("Bucket", BUCKET)
            .text("Key", asked.key())
            .text("ETag", &etag);
    }))
}

pub(super) fn abort(asked: &Asked) -> Answer {
    with_upload(asked, |_| Ok(()))?;
    let id = asked.query("uploadId").unwrap_or_default();
    asked.state.obs.lock().uploads.remove(id);
    Ok(objects::empty(StatusCode::NO_CONTENT))
}

pub(super) fn list(asked: &Asked) -> Answer {
    let parts = with_upload(asked, |upload| Ok(upload.parts.clone()))?;
    Ok(xml::answer("ListPartsResult", |out| {
        out.text("Bucket", BUCKET)
            .text("Key", asked.key())
            .text("UploadId", asked.query("uploadId").unwrap_or_default())
            .text("IsTruncated", "false");
        for (number, part) in &parts {
            out.element("Part", |out| {
                out.text("PartNumber", &number.to_string())
                    .text("LastModified", &calendar::iso_millis(part.modified))
                    .text("ETag", &md5::etag(&part.md5))
                    .text("Size", &part.content.len().to_string());
            });
        }
    }))
}

/// Does something with the upload that the request names.
fn with_upload<T>(
    asked: &Asked,
    act: impl FnOnce(&mut Upload) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut kept = asked.state.obs.lock();
    let id = asked.query("uploadId").unwrap_or_default();
    let upload = kept.uploads.get_mut(id);
    match upload.filter(|upload| upload.key == asked.key()) {
        Some(upload) => act(upload),
        None => {
            let message = "The specified multipart upload does not exist.";
            Err(refuse(StatusCode::NOT_FOUND, "NoSuchUpload", message))
        }
    }
}

/// The object that the named parts make.
fn joined(upload: &Upload, named: &[Named]) -> Result<Object, Refusal> {
    let bad = |code, message: &str| Err(refuse(StatusCode::BAD_REQUEST, code, message));
    if named.is_empty() {
        return bad("MalformedXML", "No part is named.");
    }
    let ascending = |pair: &[Named]| matches!(pair, [a, b] if a.part_number < b.part_number);
    if !named.windows(2).all(ascending) {
        return bad("InvalidPartOrder", "The parts must be in ascending order.");
    }
    let mut content = Content::default();
    let mut digests = Vec::with_capacity(named.len());
    for (index, name) in named.iter().enumerate() {
        let found = upload.parts.get(&name.part_number);
        let plain = |etag: &str| etag.trim_matches('"').to_owned();
        let Some(part) = found.filter(|it| plain(&md5::etag(&it.md5)) == plain(&name.etag)) else {
            let message = "A part was not uploaded, or its ETag is another one.";
            return bad("InvalidPart", message);
        };
        if part.content.len() < SMALLEST_PART && index + 1 < named.len() {
            let message = "A part that is not the last one has less than 100 KB.";
            return bad("EntityTooSmall", message);
        }
        content.append(&part.content);
        digests.push(part.md5);
    }
    Ok(Object {
        content,
        etag: md5::etag_of_parts(digests.iter()),
        content_type: upload.content_type.clone(),
        metadata: upload.metadata.clone(),
        modified: 0,
    })
}
