//! The request to sign, borrowed from whoever sends it.

use std::fmt;

/// A request as it will be sent.
///
/// Project id, domain id and the security token of a temporary key are plain headers here
/// (`X-Project-Id`, `X-Domain-Id`, `X-Security-Token`): put them in, and they are signed.
#[derive(Clone, Copy)]
pub struct SigningRequest<'a> {
    /// The HTTP method. Signed in upper case.
    pub method: &'a str,
    /// The host as it is sent: in lower case, and with its port when that is not the scheme's
    /// default. A `Host` header among `headers` takes its place.
    pub host: &'a str,
    /// The path exactly as it is sent (dot segments already resolved), without query. `""`
    /// means `/`.
    pub path: &'a str,
    /// The query as raw, unencoded pairs; several values of one name are several pairs. Send it
    /// as [`canonical_query`](crate::canonical_query) writes it.
    pub query: &'a [(&'a str, &'a str)],
    /// The headers, without `Authorization`. An `X-Sdk-Date` among them takes the place of the
    /// signing date; an `X-Sdk-Content-Sha256` takes the place of the payload's digest.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub payload: Payload<'a>,
}

/// What the signature knows of the body.
#[derive(Clone, Copy)]
pub enum Payload<'a> {
    /// The body itself; `&[]` when there is none.
    Bytes(&'a [u8]),
    /// The SHA-256 of the body, for a body that was hashed elsewhere.
    Digest([u8; 32]),
    /// Nothing: adds and signs `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD`.
    Unsigned,
}

impl fmt::Debug for SigningRequest<'_> {
    /// Header and query values stay out: they may be tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningRequest")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .field("query", &Names(self.query))
            .field("headers", &Names(self.headers))
            .field("payload", &self.payload)
            .finish()
    }
}

impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} B)", bytes.len()),
            Self::Digest(_) => f.write_str("Digest"),
            Self::Unsigned => f.write_str("Unsigned"),
        }
    }
}

/// The names of pairs, for `Debug`.
pub(crate) struct Names<'a>(pub(crate) &'a [(&'a str, &'a str)]);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}
