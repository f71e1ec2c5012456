//! Pictures as they arrive: base64 of a PNG, JPEG, BMP or WEBP file.

use base64ct::{Base64, Encoding};
use serde_json::Value;

use crate::reply::Refusal;
use crate::service::bad;

pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Follows from all bytes.
    pub(super) digest: u64,
}

/// What a model's page says of images.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    bytes: usize,
    side: u32,
    ratio: u32,
}

impl Limits {
    /// Pages without numbers, or with recommendations alone.
    pub(super) const NONE: Self = Self {
        bytes: usize::MAX,
        side: u32::MAX,
        ratio: u32::MAX,
    };
    /// Object detection N-2.1.0 and open-set detection.
    pub(super) const DOCUMENTED: Self = Self {
        bytes: 10 * 1024 * 1024,
        side: 10_000,
        ratio: 5,
    };
}

impl Picture {
    pub(super) fn read(member: &str, value: &Value, limits: Limits) -> Result<Self, Refusal> {
        let text = value.as_str().unwrap_or_default();
        if text.len() > limits.bytes {
            let message = format!("{} bytes of base64 are more than 10 MB", text.len());
            return Err(bad(member, message));
        }
        let bytes = Base64::decode_vec(text).map_err(|_| bad(member, "is not base64"))?;
        let (width, height) = size(&bytes)
            .filter(|(width, height)| *width > 0 && *height > 0)
            .ok_or_else(|| bad(member, "is no PNG, JPEG, BMP or WEBP image"))?;
        let (short, long) = (width.min(height), width.max(height));
        if long > limits.side || long > short.saturating_mul(limits.ratio) {
            let message = format!(
                "{width} x {height} pixels: sides of 1 to {} are taken, the longer at most {} times the shorter",
                limits.side, limits.ratio
            );
            return Err(bad(member, message));
        }
        // FNV-1a.
        let digest = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| {
            (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Ok(Self {
            width,
            height,
            digest,
        })
    }
}

/// Width and height as the file's head tells them.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16)? == b"IHDR" {
        return Some((big4(bytes, 16)?, big4(bytes, 20)?));
    }
    if bytes.starts_with(b"\xff\xd8") {
        return jpeg(bytes.get(2..)?);
    }
    if bytes.starts_with(b"BM") {
        return match little4(bytes, 14)? {
            12 => Some((little2(bytes, 18)?, little2(bytes, 20)?)),
            _ => {
                let height = little4(bytes, 22)?.cast_signed();
                Some((little4(bytes, 18)?, height.unsigned_abs()))
            }
        };
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP" {
        return webp(bytes.get(12..16)?, bytes.get(20..)?);
    }
    None
}

/// Segments up to a frame's beginning.
fn jpeg(mut rest: &[u8]) -> Option<(u32, u32)> {
    loop {
        let (&[0xff, marker], after) = rest.split_first_chunk()? else {
            return None;
        };
        rest = match marker {
            0xff => rest.get(1..)?,
            0x01 | 0xd0..=0xd7 => after,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big2(after, 5)?, big2(after, 3)?));
            }
            0xd8..=0xda => return None,
            _ => after.get(usize::try_from(big2(after, 0)?).ok()?.max(2)..)?,
        };
    }
}

/// The three kinds of a first chunk, by its name and content.
fn webp(name: &[u8], chunk: &[u8]) -> Option<(u32, u32)> {
    let side = |bits: u32| (bits & 0x3fff) + 1;
    match name {
        b"VP8 " => Some((little2(chunk, 6)? & 0x3fff, little2(chunk, 8)? & 0x3fff)),
        b"VP8L" => {
            let bits = little4(chunk, 1)?;
            Some((side(bits), side(bits >> 14)))
        }
        b"VP8X" => {
            let three = |at| Some((little4(chunk, at)? & 0x00ff_ffff) + 1);
            // The height's three bytes are the chunk's last.
            let height = little4(chunk, 6)? >> 8;
            Some((three(4)?, height + 1))
        }
        _ => None,
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn big4(bytes: &[u8], at: usize) -> Option<u32> {
    part(bytes, at).map(u32::from_be_bytes)
}

fn little4(bytes: &[u8], at: usize) -> Option<u32> {
    part(bytes, at).map(u32::from_le_bytes)
}

fn big2(bytes: &[u8], at: usize) -> Option<u32> {
    part(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn little2(bytes: &[u8], at: usize) -> Option<u32> {
    part(bytes, at).map(u16::from_le_bytes).map(u32::from)
}
