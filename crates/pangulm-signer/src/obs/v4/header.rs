//! Signing by headers.

use super::{
    ALGORITHM, Prepared,
    canonical::{Canonical, signed_query},
};
use crate::{
    canonical::UNSIGNED_PAYLOAD,
    date::SigningDate,
    digest::hex,
    error::SignError,
    headers,
    key::{SigningKey, check_access_key},
    obs::{dialect::Dialect, header::Signed, request::Request, text::only},
};

const DATE: &str = "x-amz-date";
const CONTENT_SHA256: &str = "x-amz-content-sha256";

/// Signs a request by an `Authorization` header. The date is that of an `x-amz-date` header of the
/// request (`YYYYMMDDTHHMMSSZ`), else `date`.
///
/// # Errors
/// [`SignError`], naming the part of the request that cannot be signed.
pub fn sign(
    request: &Request<'_>,
    region: &str,
    key: &SigningKey,
    date: SigningDate,
) -> Result<Signed, SignError> {
    let prepared = prepare(request, region, key.access_key(), date)?;
    let mac = prepared.canonical.mac(key);
    Ok(prepared.finish(mac))
}

/// The first of two phases, for a MAC that is made elsewhere. [`Prepared::finish`] is the second.
///
/// # Errors
/// [`SignError`], naming the part of the request or credential that cannot be signed.
pub fn prepare(
    request: &Request<'_>,
    region: &str,
    access_key: &str,
    date: SigningDate,
) -> Result<Prepared<Signed>, SignError> {
    check_access_key(access_key)?;
    let location = request.locate(Dialect::AwsV2)?;
    let mut added = Vec::new();
    let date = match only(request.headers, DATE)? {
        None => {
            added.push((DATE, date.as_str().to_owned()));
            date
        }
        Some(own) => SigningDate::parse(own)?,
    };
    match only(request.headers, CONTENT_SHA256)? {
        Some(UNSIGNED_PAYLOAD) => {}
        None => added.push((CONTENT_SHA256, UNSIGNED_PAYLOAD.to_owned())),
        Some(_) => {
            return Err(SignError::new(
                headers::header(CONTENT_SHA256),
                "is not UNSIGNED-PAYLOAD, and OBS takes no digest there; leave it out",
            ));
        }
    }
    let query: Vec<(&str, &str)> = signed_query(request).collect();
    let canonical = Canonical::new(request, &location, &query, &added, region, &date)?;
    let authorization = [
        ALGORITHM,
        " Credential=",
        access_key,
        "/",
        &canonical.scope,
        ",SignedHeaders=",
        &canonical.signed_headers,
        ",Signature=",
    ]
    .concat();
    Ok(Prepared {
        canonical,
        unfinished: Signed {
            url: location.url(request.query),
            added,
            authorization,
        },
    })
}

impl Prepared<Signed> {
    /// The second phase: the headers to add, from the HMAC-SHA256 of
    /// [`string_to_sign`](Self::string_to_sign).
    #[must_use]
    pub fn finish(self, mac: [u8; 32]) -> Signed {
        let mut signed = self.unfinished;
        signed.authorization.push_str(&hex(&mac));
        signed
    }
}
