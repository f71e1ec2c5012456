//! Verifying, for servers. Written from the rules and sharing no code with the signing side's
//! canonical form, so that a mistake in one does not hide in the other.

use std::fmt::{self, Write};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    authorization::{Authorization, parse_authorization},
    date::SigningDate,
    received::{self, UNSIGNED_PAYLOAD},
    refusal::Refusal,
    request::Names,
    secret::SecretKey,
};

/// A request as a server received it.
#[derive(Clone, Copy)]
pub struct ReceivedRequest<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path as received, still percent-encoded, without query.
    pub path: &'a str,
    /// The query as received, still percent-encoded, without `?`; empty when there is none.
    pub query: &'a str,
    /// All headers, `Host` among them (over HTTP/2 the server makes it from `:authority`).
    pub headers: &'a [(&'a str, &'a str)],
    /// The whole body.
    pub body: &'a [u8],
}

impl fmt::Debug for ReceivedRequest<'_> {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &Names(self.headers))
            .field("body", &format_args!("{} B", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// When a request is verified, and how far its date may be from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyOptions<'a> {
    /// The verifier's time, in seconds since 1970-01-01T00:00:00Z.
    pub now_unix_seconds: u64,
    /// How far `X-Sdk-Date` may be from it, either way, in seconds.
    pub max_skew_seconds: u64,
    /// The region and service whose `V11-HMAC-SHA256` signatures are accepted beside
    /// `SDK-HMAC-SHA256`; none are when it is `None`.
    pub derived_for: Option<(&'a str, &'a str)>,
}

impl<'a> VerifyOptions<'a> {
    /// At this time, with the 15 minutes of skew that the gateway allows.
    #[must_use]
    pub fn at(now_unix_seconds: u64) -> Self {
        Self {
            now_unix_seconds,
            max_skew_seconds: 15 * 60,
            derived_for: None,
        }
    }

    /// Accepts `V11-HMAC-SHA256` too, with keys derived for this region and service.
    #[must_use]
    pub fn derived(self, region: &'a str, service: &'a str) -> Self {
        Self {
            derived_for: Some((region, service)),
            ..self
        }
    }
}

/// What is known of a request that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The access key id that signed it.
    pub access_key: String,
}

/// Checks the signature of a request. `lookup` gives the secret key of an access key id.
///
/// Checked in this order: the `Authorization` header, the date and its distance from now, the
/// scope of a derived key, the access key id, the signed headers, the body's announced digest, the signature (in constant
/// time).
///
/// # Errors
/// The first [`Refusal`] that applies.
pub fn verify(
    request: &ReceivedRequest<'_>,
    options: &VerifyOptions<'_>,
    lookup: &dyn Fn(&str) -> Option<SecretKey>,
) -> Result<Verified, Refusal> {
    let header =
        received::only(request.headers, "authorization")?.ok_or(Refusal::MissingAuthorization)?;
    let authorization = parse_authorization(header)?;
    let date = check_date(request, options, &authorization)?;
    check_scope(options, &authorization, &date)?;
    let secret = lookup(authorization.access_key())
        .ok_or_else(|| Refusal::UnknownAccessKey(authorization.access_key().to_owned()))?;
    let headers = received::signed_headers(request.headers, &authorization)?;
    let payload = check_body(request)?;

    let canonical = received::canonical_request(request, &headers, &payload);
    let digest = received::hex_sha256(canonical.as_bytes());
    let matches = match authorization.scope() {
        None => matches(
            secret.expose().as_bytes(),
            &format!("SDK-HMAC-SHA256\n{date}\n{digest}"),
            &authorization,
        ),
        Some(scope) => derive(&authorization, &secret, scope).is_some_and(|key| {
            matches(
                key.as_bytes(),
                &format!("V11-HMAC-SHA256\n{date}\n{scope}\n{digest}"),
                &authorization,
            )
        }),
    };
    if !matches {
        let shown = received::canonical_request(request, &received::redact(&headers), &payload);
        return Err(Refusal::SignatureMismatch {
            canonical_request: shown.replace('\n', "|"),
        });
    }
    Ok(Verified {
        access_key: authorization.access_key().to_owned(),
    })
}

fn check_date(
    request: &ReceivedRequest<'_>,
    options: &VerifyOptions<'_>,
    authorization: &Authorization<'_>,
) -> Result<SigningDate, Refusal> {
    let text = received::only(request.headers, "x-sdk-date")?.ok_or(Refusal::MissingDate)?;
    let date = SigningDate::parse(text).map_err(|_| Refusal::MalformedDate)?;
    if !authorization
        .signed_headers()
        .any(|name| name == "x-sdk-date")
    {
        return Err(Refusal::DateNotSigned);
    }
    let (signed_at, now) = (date.unix_seconds(), options.now_unix_seconds);
    if signed_at.abs_diff(now) > options.max_skew_seconds {
        return Err(Refusal::SkewedClock { signed_at, now });
    }
    Ok(date)
}

fn check_scope(
    options: &VerifyOptions<'_>,
    authorization: &Authorization<'_>,
    date: &SigningDate,
) -> Result<(), Refusal> {
    let Some(scope) = authorization.scope() else {
        return Ok(());
    };
    let (region, service) = options.derived_for.ok_or(Refusal::WrongAlgorithm)?;
    let date = date.to_string();
    let day = date.split('T').next().unwrap_or_default();
    if !scope.split('/').eq([day, region, service]) {
        return Err(Refusal::WrongScope(scope.to_owned()));
    }
    Ok(())
}

fn matches(key: &[u8], to_sign: &str, authorization: &Authorization<'_>) -> bool {
    Hmac::<Sha256>::new_from_slice(key).is_ok_and(|mac| {
        mac.chain_update(to_sign)
            .verify_slice(authorization.signature())
            .is_ok()
    })
}

/// HKDF in its two steps, with one block of output, as lower-case hex.
fn derive(
    authorization: &Authorization<'_>,
    secret: &SecretKey,
    scope: &str,
) -> Option<Zeroizing<String>> {
    let salted = Hmac::<Sha256>::new_from_slice(authorization.access_key().as_bytes()).ok()?;
    let extracted = Zeroizing::new(<[u8; 32]>::from(
        salted.chain_update(secret.expose()).finalize().into_bytes(),
    ));
    let keyed = Hmac::<Sha256>::new_from_slice(&*extracted).ok()?;
    let expanded = Zeroizing::new(<[u8; 32]>::from(
        keyed
            .chain_update(scope)
            .chain_update([1])
            .finalize()
            .into_bytes(),
    ));
    let mut digits = Zeroizing::new(String::with_capacity(64));
    for byte in &*expanded {
        write!(digits, "{byte:02x}").ok()?;
    }
    Some(digits)
}

/// The last line of the canonical request.
fn check_body(request: &ReceivedRequest<'_>) -> Result<String, Refusal> {
    let announced = received::only(request.headers, "x-sdk-content-sha256")?;
    if announced == Some(UNSIGNED_PAYLOAD) {
        return Ok(UNSIGNED_PAYLOAD.to_owned());
    }
    let digest = received::hex_sha256(request.body);
    if announced.is_some_and(|announced| announced != digest) {
        return Err(Refusal::BodyHashMismatch);
    }
    Ok(digest)
}
