//! Why a signed request is refused.

use std::fmt;

/// Why [`verify`](crate::verify) refuses a request. No variant holds a secret, a signature or
/// the value of a header that is one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no `Authorization` header.
    MissingAuthorization,
    /// The `Authorization` header is not
    /// `SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<a;b;c>, Signature=<hex>`, or what
    /// `V11-HMAC-SHA256` has in its place; what is wrong.
    MalformedAuthorization(&'static str),
    /// The `Authorization` header is of another algorithm or scheme, or of `V11-HMAC-SHA256`
    /// where that is not accepted.
    WrongAlgorithm,
    /// The key was derived for another day, region or service. Holds the client's scope.
    WrongScope(String),
    /// No key of this access key id is known.
    UnknownAccessKey(String),
    /// There is no `X-Sdk-Date` header.
    MissingDate,
    /// `X-Sdk-Date` is not `YYYYMMDDTHHMMSSZ`.
    MalformedDate,
    /// `X-Sdk-Date` is not among the signed headers.
    DateNotSigned,
    /// The two clocks are further apart than allowed. Both times in Unix seconds.
    SkewedClock {
        /// The time of `X-Sdk-Date`.
        signed_at: u64,
        /// The verifier's own time.
        now: u64,
    },
    /// A header is listed as signed but is not there.
    MissingSignedHeader(String),
    /// A signed header, or one the verification rests on, is there more than once.
    DuplicateHeader(String),
    /// `X-Sdk-Content-Sha256` is neither `UNSIGNED-PAYLOAD` nor the SHA-256 of the body.
    BodyHashMismatch,
    /// Everything is well formed, but the signature is of another request or another secret.
    SignatureMismatch {
        /// The canonical request as the verifier sees it, with `|` for each line end and `***`
        /// for the values of headers that are secrets.
        canonical_request: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingAuthorization => f.write_str("the Authorization header is missing"),
            Self::MalformedAuthorization(what) => {
                write!(f, "the Authorization header is malformed: {what}")
            }
            Self::WrongAlgorithm => {
                f.write_str("the Authorization header is of an algorithm that is not accepted")
            }
            Self::WrongScope(scope) => write!(
                f,
                "the key was derived for {scope}, which is another day, region or service"
            ),
            Self::UnknownAccessKey(id) => write!(f, "the access key id {id} is unknown"),
            Self::MissingDate => f.write_str("the X-Sdk-Date header is missing"),
            Self::MalformedDate => {
                f.write_str("the X-Sdk-Date header is not a UTC time YYYYMMDDTHHMMSSZ")
            }
            Self::DateNotSigned => f.write_str("x-sdk-date is not among the signed headers"),
            Self::SkewedClock { signed_at, now } => write!(
                f,
                "the request was signed {} s from the server's time (signed at {signed_at}, \
                 server at {now}, Unix seconds)",
                signed_at.abs_diff(*now)
            ),
            Self::MissingSignedHeader(name) => {
                write!(
                    f,
                    "the header {name} is listed as signed but was not received"
                )
            }
            Self::DuplicateHeader(name) => write!(f, "the header {name} was received twice"),
            Self::BodyHashMismatch => {
                f.write_str("the body does not have the SHA-256 that X-Sdk-Content-Sha256 names")
            }
            Self::SignatureMismatch { canonical_request } => write!(
                f,
                "the signature does not match the request; canonicalRequest:{canonical_request}"
            ),
        }
    }
}

impl std::error::Error for Refusal {}
