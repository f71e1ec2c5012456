//! Writing and reading the two escapes the engine needs: percent signs and JSON strings.

/// Percent-encodes everything but letters, digits and `-_.~` (facts: auth.md 1.3).
pub(crate) fn encode_into(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0'));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
}

/// Decodes `%XX` once; what is no escape stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = rest.get(3..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

/// Appends `text` as a JSON string, quotes included.
pub fn json_string_into(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => {
                out.push_str("\\u00");
                [u32::from(control) >> 4, u32::from(control) & 15]
                    .iter()
                    .filter_map(|nibble| char::from_digit(*nibble, 16))
                    .for_each(|digit| out.push(digit));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_undone_by_decoding() {
        for text in ["plain-_.~", "a b/c?d#e%f", "盘古", "%2F", "100%"] {
            let mut encoded = String::new();
            encode_into(&mut encoded, text);
            assert_eq!(decode(&encoded), text);
        }
        assert_eq!(decode("100%/x%zz%4"), "100%/x%zz%4");
    }

    #[test]
    fn json_strings_read_back() {
        let text = "a\"b\\c\nd\u{1}盘古";
        let mut written = String::new();
        json_string_into(&mut written, text);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
