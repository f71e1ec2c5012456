//! The canonical request: the one form of a request that both sides sign.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::{
    date::SigningDate,
    digest::{hex_digits, sha256},
    encode::{canonical_query, encoded_path, holds},
    error::{Part, SignError},
    headers::{self, CONTENT_SHA256, CONTENT_TYPE, DATE, HOST},
    options::{BodyHashing, SigningOptions},
    request::{Payload, SigningRequest},
};

/// What takes the place of the digest when the body is not signed.
pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// Takes the canonical request piece by piece: a text to look at, or a hash.
pub(crate) trait Sink {
    fn put(&mut self, text: &str);
}

impl Sink for String {
    fn put(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Sink for Sha256 {
    fn put(&mut self, text: &str) {
        self.update(text);
    }
}

/// The last line of the canonical request.
pub(crate) enum PayloadHash<'a> {
    /// What the request says, or that the body is not signed.
    Given(&'a str),
    /// A digest in hexadecimal.
    Digest([u8; 64]),
}

impl PayloadHash<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Given(text) => text,
            Self::Digest(digits) => str::from_utf8(digits).unwrap_or_default(),
        }
    }
}

/// A checked request, its parts in canonical form and order.
pub(crate) struct Canonical<'a> {
    method: Cow<'a, str>,
    path: Cow<'a, str>,
    pub(crate) query: String,
    /// Sorted by name; the names as the caller spells them, the values trimmed.
    headers: Vec<(&'a str, &'a str)>,
    pub(crate) signed_headers: String,
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
        check_path(request.path)?;
        headers::check(request.headers)?;
        let own_date = headers::find(request.headers, DATE);
        let (payload_hash, adds_unsigned_payload) = payload_hash(request, options);
        let host = headers::find(request.headers, HOST);
        check_host(Part::Host, host.unwrap_or(request.host))?;

        let mut signed = Vec::with_capacity(request.headers.len() + 3);
        for (name, value) in request.headers {
            if headers::is_signed(name, options.signed_headers) {
                headers::insert_sorted(&mut signed, (name, headers::trim(value)));
            }
        }
        if host.is_none() {
            headers::insert_sorted(&mut signed, (HOST, request.host));
        }
        if own_date.is_none() {
            headers::insert_sorted(&mut signed, (DATE, date.as_str()));
        }
        if adds_unsigned_payload {
            headers::insert_sorted(&mut signed, (CONTENT_SHA256, UNSIGNED_PAYLOAD));
        }
        headers::check_unique(&signed)?;

        let effective = own_date.map_or(Ok(*date), SigningDate::parse)?;
        let scope = options.derived_for.map(|it| it.scope(&effective));
        Ok(Self {
            method: upper_case(request.method),
            path: encoded_path(request.path),
            query: canonical_query(request.query),
            signed_headers: headers::join_names(&signed),
            headers: signed,
            payload_hash,
            date: effective,
            adds_date: own_date.is_none(),
            scope: scope.transpose()?,
            adds_unsigned_payload,
        })
    }

    /// The only place that knows the layout.
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        sink.put(&self.method);
        sink.put("\n");
        sink.put(&self.path);
        sink.put(if self.path.ends_with('/') {
            "\n"
        } else {
            "/\n"
        });
        sink.put(&self.query);
        sink.put("\n");
        for (name, (_, value)) in self.signed_headers.split(';').zip(&self.headers) {
            sink.put(name);
            sink.put(":");
            sink.put(value);
            sink.put("\n");
        }
        sink.put("\n");
        sink.put(&self.signed_headers);
        sink.put("\n");
        sink.put(self.payload_hash.as_str());
    }

    /// The digest of the canonical request, which is never put together for it.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        self.write(&mut hash);
        hash.finalize().into()
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

fn check_path(path: &str) -> Result<(), SignError> {
    let refuse = |problem| Err(SignError::new(Part::Path, problem));
    if !path.is_empty() && !path.starts_with('/') {
        return refuse("does not start with `/`; give it as it is sent, without scheme and host");
    }
    if holds(path, |byte| matches!(byte, b'?' | b'#')) {
        return refuse("holds `?` or `#`; give the query as pairs, or encode the character");
    }
    if holds(path, |byte| byte.is_ascii_control()) {
        return refuse("holds a control character; encode it as %XX");
    }
    Ok(())
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
