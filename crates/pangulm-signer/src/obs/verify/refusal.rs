//! Why a request to the object storage is refused.

use std::fmt;

/// Why [`verify`](super::verify) refuses a request. No variant holds a secret, a signature or a
/// token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// There is neither an `Authorization` header nor a `Signature` parameter.
    MissingSignature,
    /// There are both: which of them counts is open.
    TwoSignatures,
    /// The header or the parameters of the signature are malformed; what is wrong.
    MalformedSignature(&'static str),
    /// The `Authorization` header is of another scheme than `OBS` and `AWS`.
    WrongAlgorithm,
    /// No key of this access key id is known.
    UnknownAccessKey(String),
    /// There is no `Host` header.
    MissingHost,
    /// There is neither an `x-obs-date` (`x-amz-date`) nor a `Date` header.
    MissingDate,
    /// The date is not of the form `Fri, 24 May 2013 00:00:00 GMT`.
    MalformedDate,
    /// The two clocks are further apart than allowed (the service answers
    /// `RequestTimeTooSkewed`). Both times in Unix seconds.
    SkewedClock {
        /// The time of the request.
        signed_at: u64,
        /// The verifier's own time.
        now: u64,
    },
    /// The presigned URL has ended. Both times in Unix seconds.
    Expired {
        /// The end of the URL.
        expires_at: u64,
        /// The verifier's own time.
        now: u64,
    },
    /// The presigned URL would end in more than 20 years. In Unix seconds.
    ExpiresTooLate(u64),
    /// A header that the verification rests on is there more than once.
    DuplicateHeader(String),
    /// A query parameter that the verification rests on is there more than once.
    DuplicateParameter(String),
    /// Everything is well formed, but the signature is of another request or another secret (the
    /// service answers `SignatureDoesNotMatch`).
    SignatureMismatch {
        /// The string to sign as the verifier sees it, with `|` for each line end and `***` for
        /// a security token.
        string_to_sign: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingSignature => f.write_str("the request is not signed"),
            Self::TwoSignatures => {
                f.write_str("the request is signed both in its header and in its query")
            }
            Self::MalformedSignature(what) => write!(f, "the signature is malformed: {what}"),
            Self::WrongAlgorithm => f.write_str("the Authorization header is not of OBS or AWS V2"),
            Self::UnknownAccessKey(id) => write!(f, "the access key id {id} is unknown"),
            Self::MissingHost => f.write_str("the Host header is missing"),
            Self::MissingDate => f.write_str("the request has no date"),
            Self::MalformedDate => {
                f.write_str("the date is not of the form `Fri, 24 May 2013 00:00:00 GMT`")
            }
            Self::SkewedClock { signed_at, now } => write!(
                f,
                "the request was signed {} s from the server's time (signed at {signed_at}, \
                 server at {now}, Unix seconds)",
                signed_at.abs_diff(*now)
            ),
            Self::Expired { expires_at, now } => write!(
                f,
                "the URL ended at {expires_at}, and it is {now} (Unix seconds)"
            ),
            Self::ExpiresTooLate(expires_at) => write!(
                f,
                "the URL would end at {expires_at} (Unix seconds), which is 20 years or more ahead"
            ),
            Self::DuplicateHeader(name) => write!(f, "the header {name} was received twice"),
            Self::DuplicateParameter(name) => {
                write!(f, "the query parameter {name} was received twice")
            }
            Self::SignatureMismatch { string_to_sign } => write!(
                f,
                "the signature does not match the request; StringToSign:{string_to_sign}"
            ),
        }
    }
}

impl std::error::Error for Refusal {}
