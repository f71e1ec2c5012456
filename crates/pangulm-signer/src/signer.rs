//! Signing, in one step or in two.

use std::fmt;

use crate::{
    canonical::{Canonical, UNSIGNED_PAYLOAD},
    date::SigningDate,
    derived::derived_key,
    digest::{hmac_sha256, push_hex},
    error::SignError,
    headers::{AUTHORIZATION, CONTENT_SHA256, DATE},
    key::{SigningKey, check_access_key},
    options::SigningOptions,
    request::SigningRequest,
};

/// Signs a request.
///
/// # Errors
/// [`SignError`], naming the part of the request that cannot be signed.
pub fn sign(
    request: &SigningRequest<'_>,
    options: &SigningOptions<'_>,
    key: &SigningKey,
    date: SigningDate,
) -> Result<Signed, SignError> {
    let canonical = Canonical::new(request, *options, &date)?;
    let to_sign = string_to_sign(&canonical);
    let mac = match &canonical.scope {
        None => key.mac(&to_sign),
        Some(scope) => {
            let derived = derived_key(key.access_key(), key.secret(), scope);
            hmac_sha256(derived.expose().as_bytes(), to_sign.as_bytes())
        }
    };
    Ok(Signed::without_signature(key.access_key(), &canonical).finish(mac))
}

/// The first of two phases: everything but the MAC, which may then come from anywhere, such as
/// Web Crypto with a key that cannot be read. [`Prepared::finish`] is the second.
///
/// # Errors
/// [`SignError`], naming the part of the request or credential that cannot be signed.
pub fn prepare(
    request: &SigningRequest<'_>,
    options: &SigningOptions<'_>,
    access_key: &str,
    date: SigningDate,
) -> Result<Prepared, SignError> {
    check_access_key(access_key)?;
    let canonical = Canonical::new(request, *options, &date)?;
    let mut canonical_request = String::new();
    canonical.write(&mut canonical_request);
    Ok(Prepared {
        canonical_request,
        string_to_sign: string_to_sign(&canonical),
        unfinished: Signed::without_signature(access_key, &canonical),
        date: canonical.date,
        scope: canonical.scope,
        signed_headers: canonical.signed_headers,
        payload_hash: canonical.payload_hash.as_str().to_owned(),
        wire_query: canonical.query,
    })
}

/// A request that only lacks its MAC. It owns what it needs: the request may be gone.
pub struct Prepared {
    canonical_request: String,
    string_to_sign: String,
    signed_headers: String,
    payload_hash: String,
    wire_query: String,
    date: SigningDate,
    scope: Option<String>,
    unfinished: Signed,
}

impl Prepared {
    /// What to make the HMAC-SHA256 of, with the bytes of the secret key as the key; with those
    /// of the [`derived_key`](crate::derived_key) when there is a [`scope`](Self::scope).
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// `YYYYMMDD/region/service` for `V11-HMAC-SHA256`: what to derive the key from.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The canonical request, to compare with the one in a refusal of the gateway. It holds the
    /// values of the signed headers, so the security token, too: do not log it.
    #[must_use]
    pub fn canonical_request(&self) -> &str {
        &self.canonical_request
    }

    /// The names of the signed headers, in lower case, sorted, joined with `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        &self.signed_headers
    }

    /// The last line of the canonical request: a digest in lower-case hex, or
    /// `UNSIGNED-PAYLOAD`.
    #[must_use]
    pub fn payload_hash(&self) -> &str {
        &self.payload_hash
    }

    /// The query string to send, without `?`; empty when there is none.
    #[must_use]
    pub fn wire_query(&self) -> &str {
        &self.wire_query
    }

    /// The date in effect: the one of the request's `X-Sdk-Date`, else the caller's.
    #[must_use]
    pub fn date(&self) -> SigningDate {
        self.date
    }

    /// The second phase: the headers to add, from the HMAC-SHA256 of
    /// [`string_to_sign`](Self::string_to_sign).
    #[must_use]
    pub fn finish(self, mac: [u8; 32]) -> Signed {
        self.unfinished.finish(mac)
    }
}

impl fmt::Debug for Prepared {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("signed_headers", &self.signed_headers)
            .field("string_to_sign", &self.string_to_sign)
            .finish_non_exhaustive()
    }
}

/// The headers that make a request a signed one.
#[derive(Clone)]
pub struct Signed {
    authorization: String,
    date: Option<SigningDate>,
    adds_unsigned_payload: bool,
}

impl Signed {
    /// The headers to add to the request, their names in lower case (as HTTP/2 wants them):
    /// `x-sdk-date` and `x-sdk-content-sha256` unless they were there or are not needed, and
    /// `authorization`.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let date = self.date.as_ref().map(|date| (DATE, date.as_str()));
        let unsigned = self
            .adds_unsigned_payload
            .then_some((CONTENT_SHA256, UNSIGNED_PAYLOAD));
        let authorization = (AUTHORIZATION, self.authorization.as_str());
        date.into_iter().chain(unsigned).chain([authorization])
    }

    /// The value of the `Authorization` header.
    #[must_use]
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// The signature alone: 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn signature(&self) -> &str {
        self.authorization.rsplit('=').next().unwrap_or_default()
    }

    /// `authorization` ends with `Signature=`, with room for the digits.
    fn without_signature(access_key: &str, canonical: &Canonical<'_>) -> Self {
        let (start, slash, scope) = match &canonical.scope {
            None => ("SDK-HMAC-SHA256 Access=", "", ""),
            Some(scope) => ("V11-HMAC-SHA256 Credential=", "/", scope.as_str()),
        };
        let parts = [
            start,
            access_key,
            slash,
            scope,
            ", SignedHeaders=",
            &canonical.signed_headers,
            ", Signature=",
        ];
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + 64;
        let mut authorization = String::with_capacity(length);
        parts.iter().for_each(|part| authorization.push_str(part));
        Self {
            authorization,
            date: canonical.adds_date.then_some(canonical.date),
            adds_unsigned_payload: canonical.adds_unsigned_payload,
        }
    }

    fn finish(mut self, mac: [u8; 32]) -> Self {
        push_hex(&mac, &mut self.authorization);
        self
    }
}

impl fmt::Debug for Signed {
    /// Without the signature: whoever reads it could send the request again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.authorization.len() - self.signature().len();
        f.debug_struct("Signed")
            .field("authorization", &self.authorization.get(..end))
            .field("signature", &format_args!("***"))
            .field("date", &self.date)
            .field("adds_unsigned_payload", &self.adds_unsigned_payload)
            .finish()
    }
}

fn string_to_sign(canonical: &Canonical<'_>) -> String {
    let (algorithm, scope) = match &canonical.scope {
        None => ("SDK-HMAC-SHA256", ""),
        Some(scope) => ("V11-HMAC-SHA256", scope.as_str()),
    };
    let date = canonical.date.as_str();
    let mut text = String::with_capacity(algorithm.len() + date.len() + scope.len() + 67);
    for line in [algorithm, date, scope] {
        // Only the derived key has a scope.
        if !line.is_empty() {
            text.push_str(line);
            text.push('\n');
        }
    }
    push_hex(&canonical.digest(), &mut text);
    text
}
