//! Signing, in one step or in two.

use std::{fmt, ops::Range};

use crate::{
    canonical::{Canonical, UNSIGNED_PAYLOAD},
    date::SigningDate,
    derived::derived_key,
    digest::{hex_digits, hmac_sha256, push_hex, sha256},
    error::SignError,
    headers::{AUTHORIZATION, CONTENT_SHA256, DATE, names_length, push_names},
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
    let mut draft = Draft::new(key.access_key(), &canonical);
    let digest = sha256(draft.canonical_request(&canonical));
    let to_sign = draft.string_to_sign(&canonical, &digest);
    let mac = match &canonical.scope {
        None => key.mac(to_sign),
        Some(scope) => {
            let derived = derived_key(key.access_key(), key.secret(), scope);
            hmac_sha256(derived.expose().as_bytes(), to_sign)
        }
    };
    Ok(draft.finish(&canonical, &hex_digits(&mac)))
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
    let mut draft = Draft::new(access_key, &canonical);
    let canonical_request = text(draft.canonical_request(&canonical));
    let digest = sha256(canonical_request.as_bytes());
    Ok(Prepared {
        canonical_request,
        string_to_sign: text(draft.string_to_sign(&canonical, &digest)),
        signed_headers: text(draft.signed_headers()),
        payload_hash: text(canonical.payload_hash.as_bytes()),
        unfinished: draft.finish(&canonical, &[]),
        date: canonical.date,
        scope: canonical.scope,
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

/// The value of `Authorization` in the making: as far as its digits, and behind it, for a moment,
/// what is signed. That takes one allocation for all, and a hash reads one piece faster than many.
struct Draft {
    text: Vec<u8>,
    /// Where the names of the signed headers stand.
    names: Range<usize>,
    /// The length without what is signed.
    length: usize,
}

impl Draft {
    fn new(access_key: &str, canonical: &Canonical<'_>) -> Self {
        let headers = canonical.headers.as_slice();
        let (start, slash, scope) = match &canonical.scope {
            None => ("SDK-HMAC-SHA256 Access=", "", ""),
            Some(scope) => ("V11-HMAC-SHA256 Credential=", "/", scope.as_str()),
        };
        let (names, end) = (", SignedHeaders=", ", Signature=");
        let parts = [start, access_key, slash, scope, names, end];
        let own = parts.iter().map(|part| part.len()).sum::<usize>() + names_length(headers);
        // The string to sign: its two lines of 16 bytes, the scope, and 64 digits.
        let to_sign = 97 + scope.len() + 1;
        let mut text = Vec::with_capacity(own + to_sign.max(canonical.room()));
        for part in [start, access_key, slash, scope, names] {
            text.extend_from_slice(part.as_bytes());
        }
        let start = text.len();
        push_names(headers, &mut text);
        let names = start..text.len();
        text.extend_from_slice(end.as_bytes());
        Self {
            length: text.len(),
            names,
            text,
        }
    }

    fn signed_headers(&self) -> &[u8] {
        self.text.get(self.names.clone()).unwrap_or_default()
    }

    fn canonical_request(&mut self, canonical: &Canonical<'_>) -> &[u8] {
        self.text.truncate(self.length);
        canonical.write(self.names.clone(), &mut self.text);
        self.text.get(self.length..).unwrap_or_default()
    }

    fn string_to_sign(&mut self, canonical: &Canonical<'_>, digest: &[u8; 32]) -> &[u8] {
        self.text.truncate(self.length);
        let (algorithm, scope) = match &canonical.scope {
            None => ("SDK-HMAC-SHA256", ""),
            Some(scope) => ("V11-HMAC-SHA256", scope.as_str()),
        };
        let date = canonical.date.as_bytes();
        for line in [algorithm.as_bytes(), date, scope.as_bytes()] {
            // Only the derived key has a scope.
            if !line.is_empty() {
                self.text.extend_from_slice(line);
                self.text.push(b'\n');
            }
        }
        self.text.extend_from_slice(&hex_digits(digest));
        self.text.get(self.length..).unwrap_or_default()
    }

    /// The headers, with these digits at the end of `Authorization`.
    fn finish(mut self, canonical: &Canonical<'_>, digits: &[u8]) -> Signed {
        self.text.truncate(self.length);
        self.text.extend_from_slice(digits);
        Signed {
            authorization: String::from_utf8(self.text).unwrap_or_default(),
            date: canonical.adds_date.then_some(canonical.date),
            adds_unsigned_payload: canonical.adds_unsigned_payload,
        }
    }
}

/// What was made of text is text.
fn text(bytes: &[u8]) -> String {
    str::from_utf8(bytes).unwrap_or_default().to_owned()
}
