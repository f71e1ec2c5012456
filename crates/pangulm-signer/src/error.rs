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
    /// The region that a derived key is for.
    Region,
    /// The service that a derived key is for.
    Service,
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
                return "the name of header ".to_owned() + &digits(*index) + " (from 0)";
            }
            Self::Header(name) => ("the header ", name.as_str()),
            Self::AccessKey => ("the access key id", ""),
            Self::SecretKey => ("the secret key", ""),
            Self::Region => ("the region", ""),
            Self::Service => ("the service", ""),
        };
        name.to_owned() + which
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// Written by hand, for `fmt` weighs several KB in a wasm file.
fn digits(number: usize) -> String {
    let mut text = match number / 10 {
        0 => String::new(),
        tens => digits(tens),
    };
    text.push(char::from(
        b'0' + u8::try_from(number % 10).unwrap_or_default(),
    ));
    text
}
