//! Secrets in generated types.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A secret member of a request or an answer: sent as it is, shown as `***`, wiped from memory when
/// dropped.
#[derive(Clone)]
pub struct Secret(pangulm_core::Secret);

impl Secret {
    /// The text itself. Never print or log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(pangulm_core::Secret::new(text))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<pangulm_core::Secret> for Secret {
    fn from(secret: pangulm_core::Secret) -> Self {
        Self(secret)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_sent_but_never_shown() {
        let secret = Secret::from("hunter2");
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hunter2""#);
        assert_eq!(format!("{secret:?}"), "***");
    }
}
