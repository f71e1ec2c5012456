//! Images in base64: what their first bytes say of their size, without decoding the rest.
//!
//! PNG, JPEG, BMP and WEBP are known. Other formats, and what does not look as they should, pass:
//! the service may know more.

use crate::condition::size;
use crate::operation::ImageLimits;
use crate::scan::{Kind, Value};
use crate::text::{concat, digits};

/// Segments of a JPEG file before its size that are looked at.
const SEGMENTS: usize = 1024;

/// What is wrong with an image, or with one of a list.
#[inline(never)]
pub(crate) fn fault(value: Value<'_>, limits: ImageLimits) -> Option<String> {
    if value.kind() != Kind::Array {
        return fault_of_one(value, limits);
    }
    let mut items = (1..).zip(value.items());
    items.find_map(|(number, item)| {
        let fault = fault_of_one(item, limits)?;
        Some(concat(&["image ", &digits(number), ": ", &fault]))
    })
}

fn fault_of_one(value: Value<'_>, limits: ImageLimits) -> Option<String> {
    let text = value.string()?;
    if text.starts_with("data:") {
        return Some("must be the base64 text alone; got a data URL, whose part up to the comma is to be left out".to_owned());
    }
    let beyond = |limit: u32, found: u64| limit > 0 && found > limit.into();
    let bytes = size(text.len());
    if beyond(limits.max_bytes, bytes) {
        let most = digits(limits.max_bytes.into());
        let found = digits(bytes);
        return Some(concat(&[
            "may have at most ",
            &most,
            " bytes of base64; got ",
            &found,
            ": send a smaller image",
        ]));
    }
    let (width, height) = Base64(text.as_bytes()).dimensions()?;
    let (short, long) = (width.min(height).into(), width.max(height).into());
    let wanted = if beyond(limits.max_side, long) {
        [
            "sides may have at most ",
            &digits(limits.max_side.into()),
            " pixels",
        ]
    } else if limits.max_ratio > 0 && long > u64::from(limits.max_ratio).saturating_mul(short) {
        [
            "the longer side may be at most ",
            &digits(limits.max_ratio.into()),
            " times the shorter",
        ]
    } else {
        return None;
    };
    let found = [&digits(width.into()), " x ", &digits(height.into())];
    Some(concat(&[&concat(&wanted), "; got ", &concat(&found)]))
}

/// The bytes that a base64 text stands for, decoded one by one where they are asked for.
struct Base64<'a>(&'a [u8]);

impl Base64<'_> {
    fn byte(&self, index: usize) -> Option<u32> {
        let (group, place) = (index / 3, index % 3);
        let at = group.checked_mul(4)?.checked_add(place)?;
        let high = sextet(*self.0.get(at)?)?;
        let low = sextet(*self.0.get(at + 1)?)?;
        let pair = high << 6 | low;
        Some(pair >> (4 - 2 * place) & 0xff)
    }

    /// A number of so many bytes, the most significant one first.
    fn big(&self, at: usize, bytes: usize) -> Option<u32> {
        (at..at.checked_add(bytes)?).try_fold(0, |sum, at| Some(sum << 8 | self.byte(at)?))
    }

    /// A number of so many bytes, the least significant one first.
    fn little(&self, at: usize, bytes: usize) -> Option<u32> {
        (at..at.checked_add(bytes)?)
            .rev()
            .try_fold(0, |sum, at| Some(sum << 8 | self.byte(at)?))
    }

    /// Width and height in pixels.
    fn dimensions(&self) -> Option<(u32, u32)> {
        match self.big(0, 4)? {
            // "\x89PNG"; its first chunk is always the head.
            0x8950_4e47 => Some((self.big(16, 4)?, self.big(20, 4)?)),
            // "RIFF"
            0x5249_4646 => self.webp(),
            start if start >> 16 == 0xffd8 => self.jpeg(),
            // "BM"
            start if start >> 16 == 0x424d => self.bmp(),
            _ => None,
        }
    }

    fn bmp(&self) -> Option<(u32, u32)> {
        if self.little(14, 4)? == 12 {
            return Some((self.little(18, 2)?, self.little(20, 2)?));
        }
        // A negative height stands for rows from the top.
        let height = self.little(22, 4)?.cast_signed().unsigned_abs();
        Some((self.little(18, 4)?, height))
    }

    fn webp(&self) -> Option<(u32, u32)> {
        let low14 = |bits: u32| bits & 0x3fff;
        match self.big(12, 4)? {
            // "VP8 "
            0x5650_3820 => Some((low14(self.little(26, 2)?), low14(self.little(28, 2)?))),
            // "VP8L"
            0x5650_384c => {
                let bits = self.little(21, 4)?;
                Some((low14(bits) + 1, low14(bits >> 14) + 1))
            }
            // "VP8X"
            0x5650_3858 => Some((self.little(24, 3)? + 1, self.little(27, 3)? + 1)),
            _ => None,
        }
    }

    /// Goes from segment to segment up to the one that begins the picture.
    fn jpeg(&self) -> Option<(u32, u32)> {
        let mut at = 2;
        for _ in 0..SEGMENTS {
            let marker = self.big(at, 2)?;
            match marker {
                // Bytes that fill up.
                0xffff => at += 1,
                // Markers without a segment.
                0xff01 | 0xffd0..=0xffd7 => at += 2,
                // Three of this row are no beginnings of pictures.
                0xffc0..=0xffcf if !matches!(marker, 0xffc4 | 0xffc8 | 0xffcc) => {
                    return Some((self.big(at + 7, 2)?, self.big(at + 5, 2)?));
                }
                0xffc4..=0xfffe => at += 2 + usize::try_from(self.big(at + 2, 2)?).ok()?,
                _ => return None,
            }
        }
        None
    }
}

fn sextet(character: u8) -> Option<u32> {
    let value = match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check_body;
    use crate::operation::Operation;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        [
            head,
            width.to_be_bytes().into(),
            height.to_be_bytes().into(),
        ]
        .concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let before =
            b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xff\xfe\0\x03c\xff\xd0\xff\xc4\0\x02".to_vec();
        let frame = b"\xff\xc2\0\x11\x08".to_vec();
        let sides = [height.to_be_bytes(), width.to_be_bytes()].concat();
        [before, frame, sides].concat()
    }

    fn bmp(width: u32, height: i32) -> Vec<u8> {
        let head = b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0".to_vec();
        [
            head,
            width.to_le_bytes().into(),
            height.to_le_bytes().into(),
        ]
        .concat()
    }

    fn old_bmp(width: u16, height: u16) -> Vec<u8> {
        let head = b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\0\0".to_vec();
        [
            head,
            width.to_le_bytes().into(),
            height.to_le_bytes().into(),
        ]
        .concat()
    }

    fn webp(kind: &[u8; 4], rest: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", &kind[..], b"\0\0\0\0", rest].concat()
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        let head = b"\0\0\0\x9d\x01\x2a".to_vec();
        let rest = [
            head,
            width.to_le_bytes().into(),
            height.to_le_bytes().into(),
        ]
        .concat();
        webp(b"VP8 ", &rest)
    }

    fn lossless(width: u32, height: u32) -> Vec<u8> {
        let bits = (width - 1) | (height - 1) << 14;
        webp(b"VP8L", &[&b"\x2f"[..], &bits.to_le_bytes()].concat())
    }

    fn extended(width: u32, height: u32) -> Vec<u8> {
        let sides = [width - 1, height - 1].map(u32::to_le_bytes);
        webp(b"VP8X", &[&[0; 4], &sides[0][..3], &sides[1][..3]].concat())
    }

    fn base64(bytes: &[u8]) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let mut bits = group
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            bits <<= 8 * (3 - group.len());
            for place in 0..4 {
                let sextet = bits >> (18 - 6 * place) & 63;
                let character = if place > group.len() {
                    b'='
                } else {
                    ALPHABET[sextet]
                };
                text.push(char::from(character));
            }
        }
        text
    }

    fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
        Base64(base64(bytes).as_bytes()).dimensions()
    }

    fn refusal(id: &str, images: &serde_json::Value) -> Option<String> {
        let body = serde_json::json!({"images": images}).to_string();
        let refused = check_body(Operation::find(id).unwrap(), Some(body.as_bytes()));
        refused.err().map(|error| error.to_string())
    }

    #[test]
    fn the_size_of_every_known_format_is_read() {
        for (bytes, expected) in [
            (png(10_001, 7), (10_001, 7)),
            (jpeg(640, 480), (640, 480)),
            (bmp(33, 44), (33, 44)),
            (bmp(33, -44), (33, 44)),
            (old_bmp(3, 4), (3, 4)),
            (lossy(300, 200), (300, 200)),
            (lossless(16_384, 1), (16_384, 1)),
            (extended(70_000, 12_345), (70_000, 12_345)),
        ] {
            assert_eq!(dimensions(&bytes), Some(expected), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_known_image_passes() {
        for bytes in [
            &b""[..],
            b"GIF89a\x01\0\x01\0",
            b"RIFF\0\0\0\0WAVE____",
            b"\xff\xd8\xff\xd9",
        ] {
            assert_eq!(dimensions(bytes), None);
        }
        let texts = ["", "?", "iVBORw0KGgo=", "https://example.com/a.png", "你好"];
        for text in texts.map(serde_json::Value::from) {
            assert_eq!(refusal("detectObjectsN2", &text), None);
        }
    }

    #[test]
    fn an_image_beyond_a_limit_is_refused_with_its_size_and_the_limit() {
        let id = "detectObjectsN2";
        for (width, height, fault) in [
            (10_000, 2_000, None),
            (
                10_001,
                9_000,
                Some("sides may have at most 10000 pixels; got 10001 x 9000"),
            ),
            (
                100,
                501,
                Some("the longer side may be at most 5 times the shorter; got 100 x 501"),
            ),
            (
                0,
                5,
                Some("the longer side may be at most 5 times the shorter; got 0 x 5"),
            ),
        ] {
            let image = base64(&png(width, height)).into();
            let expected = fault.map(|fault| format!("{id}: images: {fault}"));
            assert_eq!(refusal(id, &image), expected);
        }
        let long = "A".repeat(10 * 1024 * 1024 + 4);
        assert_eq!(
            refusal(id, &long.into()).unwrap(),
            format!(
                "{id}: images: may have at most 10485760 bytes of base64; got 10485764: send a smaller image"
            )
        );
        // Models without documented limits take it.
        assert_eq!(
            refusal("detectObjectsS2", &base64(&png(20_000, 1)).into()),
            None
        );
    }

    #[test]
    fn a_data_url_is_refused_also_within_a_list() {
        let images = serde_json::json!(["AAAA", "data:image/png;base64,AAAA"]);
        let refused = refusal("classifyImage", &images).unwrap();
        let expected =
            "classifyImage: images: image 2: must be the base64 text alone; got a data URL";
        assert!(refused.starts_with(expected), "{refused}");
    }

    /// Cut anywhere, or with any of their bytes changed, images are read or not, and no more.
    #[test]
    fn broken_images_never_panic_and_end() {
        let mut seed = 1_u32;
        let mut random = || {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            seed
        };
        let images = [
            png(1, 1),
            jpeg(2, 3),
            bmp(1, i32::MIN),
            old_bmp(1, 1),
            lossy(1, 1),
            lossless(1, 1),
            extended(1, 1),
        ];
        for image in images {
            for cut in 0..image.len() {
                dimensions(&image[..cut]);
            }
            for _ in 0..2_000 {
                let mut broken = image.clone();
                for _ in 0..=random() % 4 {
                    let at = usize::try_from(random()).unwrap() % broken.len();
                    broken[at] = random().to_le_bytes()[0];
                }
                dimensions(&broken);
                let mut text = base64(&broken).into_bytes();
                let at = usize::try_from(random()).unwrap() % text.len();
                text[at] = random().to_le_bytes()[0];
                Base64(&text).dimensions();
            }
        }
        // Segments without end.
        let endless = b"\xff".repeat(1 << 20);
        dimensions(&[b"\xff\xd8", &*endless].concat());
    }
}
