//! The type a secret key lives in.

use std::fmt;

use zeroize::Zeroizing;

/// A secret access key (SK): wiped from memory when dropped, printed as `***`.
///
/// ```
/// use pangulm_signer::SecretKey;
///
/// let secret = SecretKey::from("a secret");
/// assert_eq!(format!("{secret} {secret:?}"), "*** ***");
/// assert_eq!(secret.expose(), "a secret");
/// ```
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// The secret itself. Whatever is made of it is the caller's to guard.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretKey {
    /// Takes the string over without a copy, so that no second one is left behind.
    fn from(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }
}

impl From<&str> for SecretKey {
    fn from(secret: &str) -> Self {
        Self::from(secret.to_owned())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
