//! The canonical request: the one form of a request that both sides sign.

use std::borrow::Cow;
use std::ops::Range;

use crate::{
    date::SigningDate,
    digest::{hex_digits, sha256},
    encode::{canonical_query, encoded_path, holds},
    error::{Part, SignError},
    headers::{self, CONTENT_SHA256, CONTENT_TYPE, DATE, HOST, Sorted},
    options::{BodyHashing, SigningOptions},
    request::{Payload, SigningRequest},
};

/// What takes the place of the digest when the body is not signed.
pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The last line of the canonical request.
pub(crate) enum PayloadHash<'a> {
    /// What the request says, or that the body is not signed.
    Given(&'a str),
    /// A digest in hexadecimal.
    Digest([u8; 64]),
}

impl PayloadHash<'_> {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Given(text) => text.as_bytes(),
            Self::Digest(digits) => digits,
        }
    }
}

/// A checked request, its parts in canonical form and order.
pub(crate) struct Canonical<'a> {
    method: Cow<'a, str>,
    path: Cow<'a, str>,
    pub(crate) query: String,
    /// With their values trimmed.
    pub(crate) headers: Sorted<'a>,
    pub(crate) payload_hash: PayloadHash<'a>,
    /// The date in effect: the request's own, else the caller's.
    pub(crate) date: SigningDate,
    pub(crate) adds_date: bool,
    /// `YYYYMMDD/region/service`, when a derived key signs.
    pub(crate) scope: Option<String>,
    pub(crate) adds_unsigned_payload: bool,
}

impl<'a> Canonical<'a> {
    pub(crate) fn new(
        request: &SigningRequest<'a>,
        options: SigningOptions<'_>,
        date: &'a SigningDate,
    ) -> Result<Self, SignError> {
        check_method(request.method)?;
        let path = canonical_path(request.path)?;
        headers::check(request.headers)?;
        let own_date = headers::find(request.headers, DATE);
        let (payload_hash, adds_unsigned_payload) = payload_hash(request, options);
        let host = headers::find(request.headers, HOST);
        check_host(Part::Host, host.unwrap_or(request.host))?;

        let mut signed = Sorted::new();
        for (name, value) in request.headers {
            if headers::is_signed(name, options.signed_headers) {
                signed.insert((name, headers::trim(value)));
            }
        }
        if host.is_none() {
            signed.insert((HOST, request.host));
        }
        if own_date.is_none() {
            signed.insert((DATE, date.as_str()));
        }
        if adds_unsigned_payload {
            signed.insert((CONTENT_SHA256, UNSIGNED_PAYLOAD));
        }
        headers::check_unique(signed.as_slice())?;

        let effective = own_date.map_or(Ok(*date), SigningDate::parse)?;
        let scope = options.derived_for.map(|it| it.scope(&effective));
        Ok(Self {
            method: upper_case(request.method),
            path,
            query: canonical_query(request.query),
            headers: signed,
            payload_hash,
            date: effective,
            adds_date: own_date.is_none(),
            scope: scope.transpose()?,
            adds_unsigned_payload,
        })
    }

    /// Adds the canonical request to the end of `text`: the only place that knows the layout. The
    /// names of the signed headers stand in `text` already, at `names`.
    pub(crate) fn write(&self, names: Range<usize>, text: &mut Vec<u8>) {
        let slash = if self.path.ends_with('/') { "" } else { "/" };
        for part in [
            &*self.method,
            "\n",
            &self.path,
            slash,
            "\n",
            &self.query,
            "\n",
        ] {
            text.extend_from_slice(part.as_bytes());
        }
        for (name, value) in self.headers.as_slice() {
            headers::push_lower_case(name, text);
            text.push(b':');
            text.extend_from_slice(value.as_bytes());
            text.push(b'\n');
        }
        text.push(b'\n');
        text.extend_from_within(names);
        text.push(b'\n');
        text.extend_from_slice(self.payload_hash.as_bytes());
    }

    /// Room for what [`write`](Self::write) adds.
    pub(crate) fn room(&self) -> usize {
        let lines = self.headers.as_slice().iter();
        let lines = lines.map(|(name, value)| 2 * name.len() + value.len() + 3);
        let lines = lines.sum::<usize>() + self.payload_hash.as_bytes().len();
        // Five line breaks, and the slash that may be added to the path.
        self.method.len() + self.path.len() + self.query.len() + lines + 6
    }
}

/// The last line of the canonical request, and whether the header that announces an unsigned
/// body has to be added.
fn payload_hash<'a>(
    request: &SigningRequest<'a>,
    options: SigningOptions<'_>,
) -> (PayloadHash<'a>, bool) {
    if let Some(sent) = headers::find(request.headers, CONTENT_SHA256) {
        return (PayloadHash::Given(sent), false);
    }
    let content_type = headers::find(request.headers, CONTENT_TYPE);
    let hashed = match options.body_hashing {
        BodyHashing::Always => true,
        BodyHashing::JsonOnly => content_type.is_none_or(is_json),
    };
    match request.payload {
        Payload::Bytes(bytes) if hashed => (PayloadHash::Digest(hex_digits(&sha256(bytes))), false),
        Payload::Digest(digest) if hashed => (PayloadHash::Digest(hex_digits(&digest)), false),
        _ => (PayloadHash::Given(UNSIGNED_PAYLOAD), true),
    }
}

/// As both official signers see it: an empty type is none, and the spelling counts.
fn is_json(content_type: &str) -> bool {
    content_type.is_empty()
        || ["application/json", "application/bson"]
            .iter()
            .any(|json| content_type.starts_with(json))
}

pub(crate) fn check_method(method: &str) -> Result<(), SignError> {
    if headers::is_token(method) {
        return Ok(());
    }
    Err(SignError::new(
        Part::Method,
        "is empty or holds a character that no HTTP method may hold",
    ))
}

/// Without the slash that may be missing at its end.
fn canonical_path(path: &str) -> Result<Cow<'_, str>, SignError> {
    let refuse = |problem| Err(SignError::new(Part::Path, problem));
    if !path.is_empty() && !path.starts_with('/') {
        return refuse("does not start with `/`; give it as it is sent, without scheme and host");
    }
    let encoded = encoded_path(path);
    // What needs no encoding holds nothing that is refused, either.
    if matches!(encoded, Cow::Borrowed(_)) {
        return Ok(encoded);
    }
    if holds(path, |byte| matches!(byte, b'?' | b'#')) {
        return refuse("holds `?` or `#`; give the query as pairs, or encode the character");
    }
    if holds(path, |byte| byte.is_ascii_control()) {
        return refuse("holds a control character; encode it as %XX");
    }
    Ok(encoded)
}

pub(crate) fn check_host(part: Part, host: &str) -> Result<(), SignError> {
    let refuse = |problem| Err(SignError::new(part, problem));
    if host.is_empty() {
        return refuse("is empty; give the host the request is sent to");
    }
    let is_foreign = |byte: u8| matches!(byte, b'/' | b'?' | b'#' | b'@' | b' ');
    if holds(host, |byte| is_foreign(byte) || byte.is_ascii_control()) {
        return refuse("is not `name` or `name:port`; leave out the rest");
    }
    Ok(())
}

pub(crate) fn upper_case(method: &str) -> Cow<'_, str> {
    if holds(method, |byte| byte.is_ascii_lowercase()) {
        return Cow::Owned(method.to_ascii_uppercase());
    }
    Cow::Borrowed(method)
}
