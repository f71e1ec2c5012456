//! The body of a case, in the ways the files write it.

use serde::Deserialize;

/// Larger bodies than any the platform takes (12 MB when signed) are a mistake in the file.
const MAX_REPEATED: usize = 64 << 20;

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Body {
    None,
    Utf8 { value: String },
    Base64 { value: String },
    Repeat { byte: String, count: usize },
}

impl Body {
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Utf8 { value } => Ok(value.clone().into_bytes()),
            Self::Base64 { value } => {
                decode_base64(value).ok_or_else(|| "the body is not base64".to_owned())
            }
            Self::Repeat { byte, count } if byte.len() == 1 && *count <= MAX_REPEATED => {
                Ok(byte.as_bytes().repeat(*count))
            }
            Self::Repeat { .. } => Err(format!(
                "a repeated body needs one byte and a count up to {MAX_REPEATED}"
            )),
        }
    }
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in digits.as_bytes().chunks(4) {
        let mut number = 0_u32;
        for position in 0..4 {
            let value = group
                .get(position)
                .map_or(Some(0), |digit| base64_value(*digit))?;
            number = number << 6 | value;
        }
        let [_, decoded @ ..] = number.to_be_bytes();
        bytes.extend(
            decoded
                .iter()
                .take(group.len().checked_sub(1).filter(|n| *n > 0)?),
        );
    }
    Some(bytes)
}

fn base64_value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
