//! The headers of an answer, as the engine reads them.

use crate::{text, time};
use std::fmt;

/// Headers by lower-case name, in the order they came.
///
/// Their `Debug` form hides values that are secrets, such as a token just issued.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers {
    entries: Vec<(String, String)>,
}

impl Headers {
    /// The first value of the header called `name` (lower case).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The platform's id of the request: `X-Request-Id`, or IAM's `X-IAM-Trace-Id`.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        self.get("x-request-id")
            .or_else(|| self.get("x-iam-trace-id"))
            .map(str::to_owned)
    }

    /// The wait that `Retry-After` asks for in seconds, as milliseconds. At most a day.
    ///
    /// The other form, a date, is taken as relative to the answer's own `Date`.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        const DAY: u64 = 86_400;
        let value = self.get("retry-after")?.trim_ascii();
        let seconds = match text::number(value) {
            Some(seconds) => seconds,
            None => time::parse_http_date(value)?.saturating_sub(self.date()?),
        };
        Some(seconds.min(DAY) * 1_000)
    }

    /// The answer's `Date`, in seconds since 1970.
    #[must_use]
    pub fn date(&self) -> Option<u64> {
        time::parse_http_date(self.get("date")?)
    }

    /// The media type without parameters, lower case; empty if there is none.
    #[must_use]
    pub fn media_type(&self) -> String {
        let value = self.get("content-type").unwrap_or_default();
        text::before(value, b';').trim_ascii().to_ascii_lowercase()
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut headers = Self::default();
        for (name, value) in entries {
            let name = name.as_ref().to_ascii_lowercase();
            headers.entries.push((name, value.into()));
        }
        headers
    }
}

/// Whether a header carries a secret.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    const SECRET: [&str; 8] = [
        "authorization",
        "cookie",
        "proxy-authorization",
        "x-auth-token",
        "x-subject-token",
        "x-apig-appcode",
        "x-security-token",
        "set-cookie",
    ];
    SECRET
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

impl fmt::Debug for Headers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self
            .iter()
            .map(|(name, value)| (name, if is_secret(name) { "***" } else { value }));
        out.debug_map().entries(shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let seconds: Headers = [("Retry-After", "3")].into_iter().collect();
        assert_eq!(seconds.retry_after_ms(), Some(3_000));
        let date: Headers = [
            ("Retry-After", "Sun, 06 Nov 1994 08:49:39 GMT"),
            ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ]
        .into_iter()
        .collect();
        assert_eq!(date.retry_after_ms(), Some(2_000));
        let nonsense: Headers = [("Retry-After", "soon")].into_iter().collect();
        assert_eq!(nonsense.retry_after_ms(), None);
    }

    #[test]
    fn debug_hides_secrets() {
        let headers: Headers = [("X-Subject-Token", "MIIsecret"), ("X-Request-Id", "r1")]
            .into_iter()
            .collect();
        let shown = format!("{headers:?}");
        assert!(
            !shown.contains("MIIsecret") && shown.contains("r1"),
            "{shown}"
        );
    }
}
