//! MD5, which OBS uses to notice damage (`Content-MD5`) and the emulator to make ETags.

use axum::body::Body;
use axum::http::StatusCode;
use futures_util::StreamExt;
use md5::{Digest, Md5};

use super::store::{Content, Full};
use super::{Asked, refuse};
use crate::reply::Refusal;

/// Takes a request's body in, and checks it against its `Content-MD5` if there is one.
pub(super) async fn take(asked: &Asked, body: Body) -> Result<(Content, [u8; 16]), Refusal> {
    let mut writer = asked.state.obs.writer();
    let mut digest = Md5::new();
    // Once full, the rest is read and dropped: an answer in the middle of a body is often lost.
    let mut kept = Ok(());
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| {
            let message = "The body did not arrive whole.";
            refuse(StatusCode::BAD_REQUEST, "IncompleteBody", message)
        })?;
        if kept.is_ok() {
            digest.update(&piece);
            kept = writer.write(&piece);
        }
    }
    kept.map_err(full)?;
    let md5: [u8; 16] = digest.finalize().into();
    let content = writer.finish().map_err(full)?;
    check(asked, &md5)?;
    Ok((content, md5))
}

/// A small body, whole.
pub(super) async fn take_text(asked: &Asked, body: Body) -> Result<String, Refusal> {
    const LIMIT: u64 = 2 << 20;
    let (content, _) = take(asked, body).await?;
    if content.len() > LIMIT {
        let message = "The body is over 2 MB, which is the emulator's own bound.";
        return Err(refuse(
            StatusCode::PAYLOAD_TOO_LARGE,
            "EntityTooLarge",
            message,
        ));
    }
    let bytes = content.slices(0..content.len()).concat();
    String::from_utf8(bytes).map_err(|_| {
        let message = "The body is not UTF-8.";
        refuse(StatusCode::BAD_REQUEST, "MalformedXML", message)
    })
}

fn check(asked: &Asked, md5: &[u8; 16]) -> Result<(), Refusal> {
    match asked.header("content-md5") {
        Some(announced) if announced != base64(md5) => {
            let message = "The Content-MD5 is not that of the body that arrived.";
            Err(refuse(StatusCode::BAD_REQUEST, "BadDigest", message))
        }
        _ => Ok(()),
    }
}

/// The code and its status are the emulator's own.
pub(super) fn full(_: Full) -> Refusal {
    let message = "The emulator keeps no more than 256 MB, 10000 objects and 1000 unfinished \
                   uploads. Delete some first.";
    refuse(StatusCode::INSUFFICIENT_STORAGE, "EMULATOR.FULL", message)
}

/// The ETag of these bytes.
pub(super) fn etag_of(bytes: &[u8]) -> String {
    etag(&Md5::digest(bytes).into())
}

/// An ETag of this digest, in quotation marks.
pub(super) fn etag(md5: &[u8; 16]) -> String {
    let digits: String = md5.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// The ETag of an object that was uploaded in parts: made from theirs, as AWS does.
pub(super) fn etag_of_parts<'a>(parts: impl ExactSizeIterator<Item = &'a [u8; 16]>) -> String {
    let count = parts.len();
    let digest: [u8; 16] = Md5::digest(parts.copied().collect::<Vec<_>>().concat()).into();
    let whole = etag(&digest);
    format!("{}-{count}\"", whole.trim_end_matches('"'))
}

fn base64(bytes: &[u8; 16]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(24);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4_usize {
            let digit = (group >> (18 - 6 * place)) & 63;
            let shown = place <= chunk.len();
            let digit = usize::try_from(digit)
                .ok()
                .and_then(|it| DIGITS.get(it))
                .filter(|_| shown);
            text.push(digit.map_or('=', |byte| char::from(*byte)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_as_headers_have_them() {
        let empty: [u8; 16] = Md5::digest(b"").into();
        assert_eq!(etag(&empty), "\"d41d8cd98f00b204e9800998ecf8427e\"");
        assert_eq!(base64(&empty), "1B2M2Y8AsgTpgAmY7PhCfg==");
        assert!(etag_of_parts([empty, empty].iter()).ends_with("-2\""));
    }
}
