//! Why a request cannot be signed.

use std::fmt;

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
}

impl SignError {
    pub(crate) fn new(part: Part, problem: &'static str) -> Self {
        Self { part, problem }
    }

    /// The part that is wrong.
    #[must_use]
    pub fn part(&self) -> &Part {
        &self.part
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part.fmt(f)?;
        f.write_str(" ")?;
        f.write_str(self.problem)
    }
}

impl std::error::Error for SignError {}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("the method"),
            Self::Host => f.write_str("the host"),
            Self::Path => f.write_str("the path"),
            Self::Date => f.write_str("the signing date"),
            Self::HeaderName(index) => write!(f, "the name of header {index} (from 0)"),
            Self::Header(name) => write!(f, "the header {name}"),
            Self::AccessKey => f.write_str("the access key id"),
            Self::SecretKey => f.write_str("the secret key"),
        }
    }
}
