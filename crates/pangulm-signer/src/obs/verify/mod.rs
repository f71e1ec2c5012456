//! Verifying OBS and AWS V2 signatures, for servers. Written from the rules and sharing no
//! canonicalisation code with the signing side; only the table of sub-resources is one.

mod claim;
mod received;
mod refusal;
mod text;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::{
    obs::{dialect::Dialect, http_date::parse_http_date},
    secret::SecretKey,
    verify::ReceivedRequest,
};
use claim::Claim;
pub use refusal::Refusal;

/// The end of a presigned URL must be less than 20 years ahead, leap days included.
const TWENTY_YEARS: u64 = (20 * 365 + 5) * 86_400;

/// When and where a request is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyOptions<'a> {
    /// The verifier's time, in seconds since 1970-01-01T00:00:00Z.
    pub now_unix_seconds: u64,
    /// How far the date of a header signature may be from it, either way, in seconds.
    pub max_skew_seconds: u64,
    /// The hosts of the service itself, in lower case and without a port. A host in front of which
    /// a bucket stands is a virtual host; any other is a custom domain.
    pub endpoints: &'a [&'a str],
}

impl<'a> VerifyOptions<'a> {
    /// At this time, with the 15 minutes of skew that the service allows.
    #[must_use]
    pub fn at(now_unix_seconds: u64, endpoints: &'a [&'a str]) -> Self {
        Self {
            now_unix_seconds,
            max_skew_seconds: 15 * 60,
            endpoints,
        }
    }
}

/// What is known of a request that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The access key id that signed it.
    pub access_key: String,
    /// Whose names it uses: headers and parameters with the other prefix are not signed, and must
    /// be ignored.
    pub dialect: Dialect,
    /// The end of the presigned URL, in Unix seconds; nothing for a signature by headers.
    pub expires_at: Option<u64>,
}

/// Checks the signature of a request, be it in the `Authorization` header or in the query.
/// `lookup` gives the secret key of an access key id.
///
/// Checked in this order: the form of the signature, the date or the end of the URL, the access
/// key id, the signature (in constant time). The body is no part of these signatures and may be left empty; whether
/// a security token belongs to its key is the caller's to check. AWS V4 is not verified here.
///
/// # Errors
/// The first [`Refusal`] that applies.
pub fn verify(
    request: &ReceivedRequest<'_>,
    options: &VerifyOptions<'_>,
    lookup: &dyn Fn(&str) -> Option<SecretKey>,
) -> Result<Verified, Refusal> {
    let parameters = received::parameters(request.query);
    let claim = claim::read(request, &parameters)?;
    let (date, expires_at) = match claim.expires {
        Some(expires) => (expires, Some(check_expiry(expires, options)?)),
        None => (check_date(request, &claim, options)?, None),
    };
    let secret = lookup(claim.access_key)
        .ok_or_else(|| Refusal::UnknownAccessKey(claim.access_key.to_owned()))?;
    let host = received::header(request, "host")?.ok_or(Refusal::MissingHost)?;
    let text = text::Text {
        request,
        parameters: &parameters,
        dialect: claim.dialect,
        date,
        resource: text::resource(host, request.path, options.endpoints),
    };
    if !matches(&secret, &text.write(false)?, &claim.signature) {
        let shown = String::from_utf8_lossy(&text.write(true)?).replace('\n', "|");
        return Err(Refusal::SignatureMismatch {
            string_to_sign: shown,
        });
    }
    Ok(Verified {
        access_key: claim.access_key.to_owned(),
        dialect: claim.dialect,
        expires_at,
    })
}

/// What stands in the line of the date: nothing when the date has a header of the dialect's own,
/// which is signed among those.
fn check_date<'a>(
    request: &ReceivedRequest<'a>,
    claim: &Claim<'_>,
    options: &VerifyOptions<'_>,
) -> Result<&'a str, Refusal> {
    let own = received::header(request, claim.dialect.date_header())?;
    let date = received::header(request, "date")?;
    let counts = own.or(date).ok_or(Refusal::MissingDate)?;
    let signed_at = parse_http_date(counts)
        .ok_or(Refusal::MalformedDate)?
        .unix_seconds();
    let now = options.now_unix_seconds;
    if signed_at.abs_diff(now) > options.max_skew_seconds {
        return Err(Refusal::SkewedClock { signed_at, now });
    }
    Ok(if own.is_some() { "" } else { counts })
}

fn check_expiry(expires: &str, options: &VerifyOptions<'_>) -> Result<u64, Refusal> {
    let is_number = expires.bytes().all(|byte| byte.is_ascii_digit());
    let expires_at = Some(expires)
        .filter(|_| is_number)
        .and_then(|digits| digits.parse().ok())
        .ok_or(Refusal::MalformedSignature(
            "Expires must be a time in Unix seconds",
        ))?;
    let now = options.now_unix_seconds;
    if now > expires_at {
        return Err(Refusal::Expired { expires_at, now });
    }
    if expires_at - now >= TWENTY_YEARS {
        return Err(Refusal::ExpiresTooLate(expires_at));
    }
    Ok(expires_at)
}

fn matches(secret: &SecretKey, text: &[u8], signature: &[u8; 20]) -> bool {
    Hmac::<Sha1>::new_from_slice(secret.expose().as_bytes())
        .is_ok_and(|mac| mac.chain_update(text).verify_slice(signature).is_ok())
}
