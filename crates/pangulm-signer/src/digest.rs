//! SHA-256, HMAC-SHA256, lower-case hex and decimal digits.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The SHA-256 digest of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The HMAC-SHA256 of `message` under `key`, which may have any length.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    keyed(key)
        .chain_update(message)
        .finalize()
        .into_bytes()
        .into()
}

/// `bytes` in lower-case hexadecimal, as signatures and digests are sent.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(bytes, &mut text);
    text
}

pub(crate) fn push_hex(bytes: &[u8], text: &mut String) {
    // By the block: a push of each digit would cost as much as hashing a hundred bytes.
    for part in bytes.chunks(32) {
        let digits = hex_digits(part);
        let digits = digits.get(..part.len() * 2).unwrap_or_default();
        text.push_str(str::from_utf8(digits).unwrap_or_default());
    }
}

/// The digits of at most 32 bytes, zeros after them.
pub(crate) fn hex_digits(bytes: &[u8]) -> [u8; 64] {
    let mut digits = [0_u8; 64];
    let (pairs, _) = digits.as_chunks_mut();
    for ([high, low], byte) in pairs.iter_mut().zip(bytes) {
        *high = digit(byte >> 4);
        *low = digit(byte & 15);
    }
    digits
}

/// An HMAC ready for messages. The key is brought to one block here (hashed when longer, as the
/// HMAC rules say), because the constructor for a block cannot fail.
pub(crate) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    let hashed = Zeroizing::new(sha256_if_longer_than_a_block(key));
    let key = hashed.as_ref().map_or(key, <[u8; 32]>::as_slice);
    Hmac::new((&*first_block(key)).into())
}

/// A key of at most one block, filled up with zeros.
pub(crate) fn first_block(key: &[u8]) -> Zeroizing<[u8; 64]> {
    let mut block = Zeroizing::new([0_u8; 64]);
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    block
}

/// Written by hand, for `fmt` weighs several KB in a wasm file.
pub(crate) fn decimal(number: u64) -> String {
    let mut text = match number / 10 {
        0 => String::new(),
        tens => decimal(tens),
    };
    text.push(char::from(
        b'0' + u8::try_from(number % 10).unwrap_or_default(),
    ));
    text
}

fn sha256_if_longer_than_a_block(key: &[u8]) -> Option<[u8; 32]> {
    (key.len() > 64).then(|| sha256(key))
}

fn digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'a' + nibble - 10
    }
}
