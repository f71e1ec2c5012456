//! Presigned URLs: whoever has one may send that one request until it expires.

use std::fmt;

use crate::{
    date::SigningDate,
    digest::decimal,
    encode::push_with_slashes,
    error::{Part, SignError},
    key::{SigningKey, check_access_key},
    obs::{
        dialect::Dialect,
        mac::{base64, hmac_sha1},
        prepared::Prepared,
        request::{Request, query_parameter},
        text::string_to_sign,
    },
};

/// The longest lifetime of a presigned URL, in seconds. The service wants its end to be less than
/// 20 years ahead.
pub const MAX_LIFETIME_SECONDS: u64 = 20 * 365 * 86_400;

const ADDED: [&str; 4] = ["Expires", "AccessKeyId", "AWSAccessKeyId", "Signature"];

/// Makes a URL that is valid for `lifetime_seconds` (1 to [`MAX_LIFETIME_SECONDS`]) from `now`.
///
/// A `Content-Type`, `Content-MD5` or `x-obs-*` header of the request is signed, and has to be sent
/// with the same value; the others are free. A temporary key's token goes into the query as
/// `x-obs-security-token` (`x-amz-security-token`) and ends the URL's life with its own.
///
/// # Errors
/// [`SignError`], naming the part of the request that cannot be signed.
pub fn presign(
    request: &Request<'_>,
    dialect: Dialect,
    key: &SigningKey,
    now: SigningDate,
    lifetime_seconds: u64,
) -> Result<SignedUrl, SignError> {
    let prepared = prepare_url(request, dialect, key.access_key(), now, lifetime_seconds)?;
    let secret = key.secret().expose().as_bytes();
    let mac = hmac_sha1(secret, prepared.string_to_sign.as_bytes());
    Ok(prepared.finish(mac))
}

/// The first of two phases, for a MAC that is made elsewhere. [`Prepared::finish`] is the
/// second.
///
/// # Errors
/// [`SignError`], naming the part of the request or credential that cannot be signed.
pub fn prepare_url(
    request: &Request<'_>,
    dialect: Dialect,
    access_key: &str,
    now: SigningDate,
    lifetime_seconds: u64,
) -> Result<Prepared<SignedUrl>, SignError> {
    check_access_key(access_key)?;
    check_lifetime(lifetime_seconds, MAX_LIFETIME_SECONDS)?;
    let location = request.locate(dialect)?;
    let key_parameter = dialect.access_key_parameter();
    check_absent(request, &ADDED)?;
    let expires = decimal(now.unix_seconds().saturating_add(lifetime_seconds));
    let string_to_sign = string_to_sign(request, dialect, &expires, None, &location.resource)?;

    let mut url = location.url(request.query);
    push_parameter("Expires", &expires, &mut url);
    push_parameter(key_parameter, access_key, &mut url);
    Ok(Prepared {
        string_to_sign,
        unfinished: SignedUrl(url),
    })
}

impl Prepared<SignedUrl> {
    /// The URL without its last parameter, for who puts it together where the MAC is made:
    /// `&Signature=` and the MAC in percent-encoded Base64 follow.
    #[must_use]
    pub fn unfinished_url(&self) -> &str {
        self.unfinished.as_str()
    }

    /// The second phase: the URL, from the HMAC-SHA1 of
    /// [`string_to_sign`](Self::string_to_sign).
    #[must_use]
    pub fn finish(self, mac: [u8; 20]) -> SignedUrl {
        let SignedUrl(mut url) = self.unfinished;
        push_parameter("Signature", &base64(&mac), &mut url);
        SignedUrl(url)
    }
}

/// A presigned URL. It opens what it is for, so `Debug` prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedUrl(pub(crate) String);

impl SignedUrl {
    /// The URL, to be used exactly as it stands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SignedUrl> for String {
    fn from(url: SignedUrl) -> Self {
        url.0
    }
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

pub(crate) fn check_lifetime(seconds: u64, most: u64) -> Result<(), SignError> {
    if seconds == 0 || seconds > most {
        return Err(SignError::new(
            Part::Lifetime,
            "is zero or longer than this kind of signature may live; give seconds from now",
        ));
    }
    Ok(())
}

/// Refuses what the signature adds itself.
pub(crate) fn check_absent(request: &Request<'_>, added: &[&str]) -> Result<(), SignError> {
    let taken = |name: &str| added.iter().any(|other| other.eq_ignore_ascii_case(name));
    match request.query.iter().find(|(name, _)| taken(name)) {
        None => Ok(()),
        Some((name, _)) => Err(SignError::new(
            query_parameter(name),
            "is there already; the signature adds it",
        )),
    }
}

pub(crate) fn push_parameter(name: &str, value: &str, url: &mut String) {
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str(name);
    url.push('=');
    push_with_slashes(value, url);
}
