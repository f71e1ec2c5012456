//! Why a request cannot be signed.

use std::fmt;

use crate::digest::decimal;

/// A request that cannot be signed. It names the part that is wrong and what to do about it,
/// and never holds a secret or the value of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignError {
    part: Part,
    problem: &'static str,
}

/// The part of a request or credential that an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The HTTP method.
    Method,
    /// The host, from the request or from its `Host` header.
    Host,
    /// The path.
    Path,
    /// The date, from the caller or from the request's `X-Sdk-Date` header.
    Date,
    /// The name of the header at this position, counted from 0.
    HeaderName(usize),
    /// The header of this name, in lower case.
    Header(String),
    /// The access key id.
    AccessKey,
    /// The secret key.
    SecretKey,
    /// The region that a derived key is for.
    Region,
    /// The service that a derived key is for.
    Service,
    /// The endpoint of the object storage, or the custom domain.
    Endpoint,
    /// The name of the bucket.
    Bucket,
    /// The key of the object.
    ObjectKey,
    /// The query parameter of this name.
    Query(String),
    /// How long a presigned URL or a form is valid.
    Lifetime,
    /// The form field of this name.
    Field(String),
}

impl SignError {
    pub(crate) fn new(part: Part, problem: &'static str) -> Self {
        Self { part, problem }
    }

    /// All of it in one line for people, as `Display` writes it too.
    #[must_use]
    pub fn line(&self) -> String {
        self.part.name() + " " + self.problem
    }

    /// The part that is wrong.
    #[must_use]
    pub fn part(&self) -> &Part {
        &self.part
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

impl std::error::Error for SignError {}

impl Part {
    fn name(&self) -> String {
        let (name, which) = match self {
            Self::Method => ("the method", ""),
            Self::Host => ("the host", ""),
            Self::Path => ("the path", ""),
            Self::Date => ("the signing date", ""),
            Self::HeaderName(index) => {
                let index = u64::try_from(*index).unwrap_or(u64::MAX);
                return "the name of header ".to_owned() + &decimal(index) + " (from 0)";
            }
            Self::Header(name) => ("the header ", name.as_str()),
            Self::AccessKey => ("the access key id", ""),
            Self::SecretKey => ("the secret key", ""),
            Self::Region => ("the region", ""),
            Self::Service => ("the service", ""),
            Self::Endpoint => ("the endpoint", ""),
            Self::Bucket => ("the bucket", ""),
            Self::ObjectKey => ("the object key", ""),
            Self::Query(name) => ("the query parameter ", name.as_str()),
            Self::Lifetime => ("the lifetime", ""),
            Self::Field(name) => ("the form field ", name.as_str()),
        };
        name.to_owned() + which
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}
