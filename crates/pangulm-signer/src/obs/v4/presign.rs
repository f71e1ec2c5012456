//! Presigned URLs.

use super::{
    ALGORITHM, Prepared,
    canonical::{Canonical, scope, signed_headers, signed_query},
};
use crate::{
    date::SigningDate,
    digest::{decimal, hex},
    error::SignError,
    headers,
    key::{SigningKey, check_access_key},
    obs::{
        dialect::Dialect,
        presign::{SignedUrl, check_absent, check_lifetime, push_parameter},
        request::Request,
    },
};

/// The longest lifetime of a presigned URL, in seconds: the seven days that AWS allows. Whether
/// OBS allows more is not documented.
pub const MAX_LIFETIME_SECONDS: u64 = 7 * 86_400;

const ADDED: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// Makes a URL that is valid for `lifetime_seconds` (1 to [`MAX_LIFETIME_SECONDS`]) from `now`.
/// The signed headers of the request have to be sent with the same values.
///
/// # Errors
/// [`SignError`], naming the part of the request that cannot be signed.
pub fn presign(
    request: &Request<'_>,
    region: &str,
    key: &SigningKey,
    now: SigningDate,
    lifetime_seconds: u64,
) -> Result<SignedUrl, SignError> {
    let prepared = prepare_url(request, region, key.access_key(), now, lifetime_seconds)?;
    let mac = prepared.canonical.mac(key);
    Ok(prepared.finish(mac))
}

/// The first of two phases, for a MAC that is made elsewhere. [`Prepared::finish`] is the
/// second.
///
/// # Errors
/// [`SignError`], naming the part of the request or credential that cannot be signed.
pub fn prepare_url(
    request: &Request<'_>,
    region: &str,
    access_key: &str,
    now: SigningDate,
    lifetime_seconds: u64,
) -> Result<Prepared<SignedUrl>, SignError> {
    check_access_key(access_key)?;
    check_lifetime(lifetime_seconds, MAX_LIFETIME_SECONDS)?;
    check_absent(request, &ADDED)?;
    let location = request.locate(Dialect::AwsV2)?;
    let credential = [access_key, "/", &scope(region, &now)?].concat();
    let expires = decimal(lifetime_seconds);
    let signed_headers = headers::join_names(&signed_headers(request, &location.host, &[])?);
    let values = [
        ALGORITHM,
        &credential,
        now.as_str(),
        &expires,
        &signed_headers,
    ];
    let own = || ADDED.into_iter().zip(values);
    let query: Vec<(&str, &str)> = signed_query(request).chain(own()).collect();
    let canonical = Canonical::new(request, &location, &query, &[], region, &now)?;

    let mut url = location.url(request.query);
    for (name, value) in own() {
        push_parameter(name, value, &mut url);
    }
    Ok(Prepared {
        canonical,
        unfinished: SignedUrl(url),
    })
}

impl Prepared<SignedUrl> {
    /// The second phase: the URL, from the HMAC-SHA256 of
    /// [`string_to_sign`](Self::string_to_sign).
    #[must_use]
    pub fn finish(self, mac: [u8; 32]) -> SignedUrl {
        let SignedUrl(mut url) = self.unfinished;
        push_parameter("X-Amz-Signature", &hex(&mac), &mut url);
        SignedUrl(url)
    }
}
