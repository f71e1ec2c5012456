//! How sure a fact is.

/// Where a fact comes from, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The platform's reference states it.
    Documented,
    /// The platform's official SDK does it.
    Sdk,
    /// Other people's programs do it.
    ThirdParty,
    /// It follows from the rest, and nobody says so.
    Inferred,
}

impl Evidence {
    /// The value of `x-evidence`, as `third-party`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Sdk => "sdk",
            Self::ThirdParty => "third-party",
            Self::Inferred => "inferred",
        }
    }

    /// Reads a value of `x-evidence`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [
            Self::Documented,
            Self::Sdk,
            Self::ThirdParty,
            Self::Inferred,
        ]
        .into_iter()
        .find(|evidence| evidence.as_str() == text)
    }
}
