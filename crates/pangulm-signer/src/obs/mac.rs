//! HMAC-SHA1, and Base64 as it is sent.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::digest::first_block;

/// The HMAC-SHA1 of `message` under `key`, which may have any length: what OBS signatures are made
/// of.
#[must_use]
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let hashed = (key.len() > 64).then(|| Zeroizing::new(<[u8; 20]>::from(Sha1::digest(key))));
    let key = hashed.as_ref().map_or(key, |hash| hash.as_slice());
    Hmac::<Sha1>::new((&*first_block(key)).into())
        .chain_update(message)
        .finalize()
        .into_bytes()
        .into()
}

/// Standard Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}
