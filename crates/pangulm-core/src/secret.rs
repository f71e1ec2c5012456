//! A text that must not be seen.

use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A secret text: wiped from memory with its last copy, and shown as `***`.
///
/// ```
/// let secret = pangulm_core::Secret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "***");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret {
    text: Arc<Zeroizing<String>>,
}

impl Secret {
    /// Takes a text into keeping, exactly as it is.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: Arc::new(Zeroizing::new(text.to_owned())),
        }
    }

    /// The same without the white space around it, as pasting and files leave it.
    #[must_use]
    pub fn trimmed(text: &str) -> Self {
        Self::new(text.trim_ascii())
    }

    /// The text itself. Never print or log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether the two are one and the same secret, not merely equal.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}
