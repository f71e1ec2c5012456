//! The key pair that signs.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    digest::keyed,
    error::{Part, SignError},
    secret::SecretKey,
};

/// An access key id with its secret key, made ready for signing once: each signature starts
/// from a copy of the keyed state. Wiped from memory when dropped; printed without the secret.
#[derive(Clone)]
pub struct SigningKey {
    access_key: String,
    secret: SecretKey,
    mac: Hmac<Sha256>,
}

impl SigningKey {
    /// Makes an access key id and its secret key ready.
    ///
    /// # Errors
    /// [`Part::AccessKey`] when the id is empty or holds anything but visible ASCII without
    /// commas; [`Part::SecretKey`] when the secret is empty.
    pub fn new(access_key: impl Into<String>, secret: &SecretKey) -> Result<Self, SignError> {
        let access_key = access_key.into();
        check_access_key(&access_key)?;
        if secret.expose().is_empty() {
            return Err(SignError::new(
                Part::SecretKey,
                "is empty; give the SK of the key pair",
            ));
        }
        Ok(Self {
            access_key,
            secret: secret.clone(),
            mac: keyed(secret.expose().as_bytes()),
        })
    }

    /// The access key id (AK).
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    pub(crate) fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// The HMAC-SHA256 of `message` under the secret key.
    #[must_use]
    pub fn mac(&self, message: impl AsRef<[u8]>) -> [u8; 32] {
        self.mac
            .clone()
            .chain_update(message)
            .finalize()
            .into_bytes()
            .into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("access_key", &self.access_key)
            .field("secret_key", &format_args!("***"))
            .finish()
    }
}

/// The id stands in the `Authorization` header, between `Access=` and a comma.
pub(crate) fn check_access_key(access_key: &str) -> Result<(), SignError> {
    let refuse = |problem| Err(SignError::new(Part::AccessKey, problem));
    if access_key.is_empty() {
        return refuse("is empty; give the AK of the key pair");
    }
    if !access_key
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b',')
    {
        return refuse("holds a space, a comma or a character outside ASCII; give it as issued");
    }
    Ok(())
}
