//! `V11-HMAC-SHA256`: a key derived for one day, region and service takes the secret key's place.

use zeroize::Zeroizing;

use crate::{
    date::SigningDate,
    digest::{hex, hmac_sha256},
    error::{Part, SignError},
    secret::SecretKey,
};

/// The key that signs in a `V11-HMAC-SHA256` signature of this scope, `YYYYMMDD/region/service`:
/// HKDF-SHA256 of the secret key, salted with the access key id, in lower-case hex. The MAC is
/// keyed with these 64 digits as text, not with the 32 bytes they stand for.
///
/// ```
/// use pangulm_signer::{SecretKey, derived_key};
///
/// let key = derived_key("AccessKey", &SecretKey::from("SecretKey"), "20191115/region-id-1/service");
/// assert_eq!(key.expose().len(), 64);
/// ```
#[must_use]
pub fn derived_key(access_key: &str, secret: &SecretKey, scope: &str) -> SecretKey {
    let extracted = Zeroizing::new(hmac_sha256(
        access_key.as_bytes(),
        secret.expose().as_bytes(),
    ));
    let mut info = Vec::with_capacity(scope.len() + 1);
    info.extend_from_slice(scope.as_bytes());
    // One block of output is all that is needed, and this is its number.
    info.push(1);
    let expanded = Zeroizing::new(hmac_sha256(&*extracted, &info));
    SecretKey::from(hex(&*expanded))
}

/// The region and service that a derived key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DerivedFor<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

impl DerivedFor<'_> {
    /// The scope on the day of `date`.
    pub(crate) fn scope(&self, date: &SigningDate) -> Result<String, SignError> {
        check(Part::Region, self.region)?;
        check(Part::Service, self.service)?;
        Ok(date.day().to_owned() + "/" + self.region + "/" + self.service)
    }
}

/// The scope stands in the `Authorization` header between slashes and before a comma.
pub(crate) fn check(part: Part, name: &str) -> Result<(), SignError> {
    let fits = |byte: u8| byte.is_ascii_graphic() && byte != b',' && byte != b'/';
    if !name.is_empty() && name.bytes().all(fits) {
        return Ok(());
    }
    Err(SignError::new(
        part,
        "is empty or holds a space, a comma, a slash or a character outside ASCII",
    ))
}
