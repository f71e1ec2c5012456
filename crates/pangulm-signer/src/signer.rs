//! Signing, in one step or in two.

use std::{fmt, ops::Range};

use crate::{
    canonical::{Canonical, UNSIGNED_PAYLOAD},
    date::SigningDate,
    derived::derived_key,
    digest::{hex_digits, hmac_sha256, sha256},
    error::SignError,
    headers::{AUTHORIZATION, CONTENT_SHA256, DATE, names_length, push_names},
    key::{SigningKey, check_access_key},
    options::SigningOptions,
    request::SigningRequest,
};

/// The bytes of [`Prepared`] that are the same for every request, and a few to spare.
const ROOM: usize = 176;

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
    let prepared = Prepared::new(key.access_key(), canonical);
    let to_sign = prepared.text.get(prepared.signed..).unwrap_or_default();
    let mac = match &prepared.scope {
        None => key.mac(to_sign),
        Some(scope) => {
            let derived = derived_key(key.access_key(), key.secret(), scope);
            hmac_sha256(derived.expose().as_bytes(), to_sign)
        }
    };
    Ok(prepared.finish(mac))
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
    Ok(Prepared::new(access_key, canonical))
}

/// A request that only lacks its MAC. It owns what it needs: the request may be gone.
pub struct Prepared {
    /// One allocation for all: the value of `Authorization` as far as its digits, the canonical
    /// request, and the string to sign. Bytes, because what is put together of text is text, and
    /// need not be looked through for each part.
    text: Vec<u8>,
    /// Where the names of the signed headers stand.
    names: Range<usize>,
    /// Where the canonical request starts.
    canonical: usize,
    /// Where the string to sign starts.
    signed: usize,
    wire_query: String,
    date: SigningDate,
    scope: Option<String>,
    adds_date: bool,
    adds_unsigned_payload: bool,
}

impl Prepared {
    /// What to make the HMAC-SHA256 of, with the bytes of the secret key as the key; with those
    /// of the [`derived_key`](crate::derived_key) when there is a [`scope`](Self::scope).
    #[must_use]
    pub fn string_to_sign(&self) -> &str {
        self.part(self.signed..self.text.len())
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
        self.part(self.canonical..self.signed)
    }

    /// The names of the signed headers, in lower case, sorted, joined with `;`.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.part(self.names.clone())
    }

    /// The last line of the canonical request: a digest in lower-case hex, or
    /// `UNSIGNED-PAYLOAD`.
    #[must_use]
    pub fn payload_hash(&self) -> &str {
        self.canonical_request()
            .rsplit('\n')
            .next()
            .unwrap_or_default()
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

    /// The value of `Authorization` without the digits of the signature, for who puts it together
    /// where the MAC is made: the MAC in lower-case hexadecimal follows.
    #[must_use]
    pub fn unfinished_authorization(&self) -> &str {
        self.part(0..self.canonical)
    }

    /// The second phase: the headers to add, from the HMAC-SHA256 of
    /// [`string_to_sign`](Self::string_to_sign).
    #[must_use]
    pub fn finish(self, mac: [u8; 32]) -> Signed {
        let mut text = self.text;
        text.truncate(self.canonical);
        text.extend_from_slice(&hex_digits(&mac));
        Signed {
            authorization: String::from_utf8(text).unwrap_or_default(),
            date: self.adds_date.then_some(self.date),
            adds_unsigned_payload: self.adds_unsigned_payload,
        }
    }

    fn new(access_key: &str, canonical: Canonical<'_>) -> Self {
        let headers = canonical.headers.as_slice();
        let (algorithm, key, slash, scope) = match &canonical.scope {
            None => ("SDK-HMAC-SHA256", " Access=", "", ""),
            Some(scope) => ("V11-HMAC-SHA256", " Credential=", "/", scope.as_str()),
        };
        let date = canonical.date.as_bytes();
        let mut text = Vec::with_capacity(
            access_key.len() + names_length(headers) + canonical.room() + 2 * scope.len() + ROOM,
        );
        for part in [algorithm, key, access_key, slash, scope, ", SignedHeaders="] {
            text.extend_from_slice(part.as_bytes());
        }
        let start = text.len();
        push_names(headers, &mut text);
        let names = start..text.len();
        text.extend_from_slice(b", Signature=");

        let start = text.len();
        canonical.write(names.clone(), &mut text);
        // In one piece, which a hash takes faster than many.
        let digest = sha256(text.get(start..).unwrap_or_default());

        let signed = text.len();
        for line in [algorithm.as_bytes(), date, scope.as_bytes()] {
            // Only the derived key has a scope.
            if !line.is_empty() {
                text.extend_from_slice(line);
                text.push(b'\n');
            }
        }
        text.extend_from_slice(&hex_digits(&digest));
        Self {
            text,
            names,
            canonical: start,
            signed,
            date: canonical.date,
            scope: canonical.scope,
            wire_query: canonical.query,
            adds_date: canonical.adds_date,
            adds_unsigned_payload: canonical.adds_unsigned_payload,
        }
    }

    fn part(&self, range: Range<usize>) -> &str {
        let bytes = self.text.get(range).unwrap_or_default();
        str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for Prepared {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("signed_headers", &self.signed_headers())
            .field("string_to_sign", &self.string_to_sign())
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
}

impl From<Signed> for String {
    /// The value of the `Authorization` header.
    fn from(signed: Signed) -> Self {
        signed.authorization
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
