//! SDK-HMAC-SHA256, as it crosses.

use pangulm_signer::{Payload, SigningDate, SigningOptions, SigningRequest, hmac_sha256, prepare};

use crate::list;
use crate::refused::{malformed, refused};

/// See the function of this name in `lib.rs`.
pub(crate) fn sign(
    request: &[u8],
    secret: &[u8],
    body: &[u8],
    hashed: bool,
) -> Result<String, String> {
    let mut lines = str::from_utf8(request).unwrap_or_default();
    let mut line = || take_line(&mut lines).unwrap_or_default();
    let (method, host, path, query) = (line(), line(), line(), line());
    let (access_key, date) = (line(), line());
    let mut headers = Vec::with_capacity(16);
    while let Some(name) = take_line(&mut lines) {
        headers.push((name, take_line(&mut lines).unwrap_or_default()));
    }
    let query = list::read(query).ok_or_else(|| malformed("query"))?;
    let request = SigningRequest {
        method,
        host,
        path,
        query: &list::plain_pairs(&query),
        headers: &headers,
        payload: if hashed {
            // Anything but 32 bytes is a fault of the other side; zeros make it a refused signature.
            Payload::Digest(body.try_into().unwrap_or_default())
        } else {
            Payload::Bytes(body)
        },
    };
    let prepared = SigningDate::parse(date)
        .and_then(|date| prepare(&request, &SigningOptions::default(), access_key, date))
        .map_err(|error| refused(&error))?;
    let to_sign = prepared.string_to_sign();
    if secret.is_empty() {
        return Ok(prepared.unfinished_authorization().to_owned() + "\n" + to_sign);
    }
    let mac = hmac_sha256(secret, to_sign.as_bytes());
    Ok(prepared.finish(mac).into())
}

/// What stands before the next line break, which is taken away, too.
fn take_line<'a>(lines: &mut &'a str) -> Option<&'a str> {
    let (line, after) = list::cut(lines, b'\n')?;
    *lines = after;
    Some(line)
}
