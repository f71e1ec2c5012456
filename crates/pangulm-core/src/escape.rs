//! Writing and reading the two escapes the engine needs: percent signs and JSON strings.

use crate::text::lossy;

/// Percent-encodes everything but letters, digits and `-_.~` (facts: auth.md 1.3).
pub(crate) fn encode_into(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex_digit(byte >> 4));
            out.push(hex_digit(byte & 15));
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
    lossy(&bytes)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The digit of four bits, in upper case.
fn hex_digit(nibble: u8) -> char {
    char::from(nibble + if nibble < 10 { b'0' } else { b'A' - 10 })
}

/// Appends `text` as a JSON string, quotes included.
pub fn json_string_into(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < b' ' || b"\"\\".contains(&byte))
    {
        let (plain, special) = rest.split_at_checked(at).unwrap_or_default();
        let (special, after) = special.split_at_checked(1).unwrap_or_default();
        out.push_str(plain);
        match special.bytes().next().unwrap_or_default() {
            b'\n' => out.push_str("\\n"),
            control if control < b' ' => {
                out.push_str("\\u00");
                out.push(hex_digit(control >> 4));
                out.push(hex_digit(control & 15));
            }
            _ => {
                out.push('\\');
                out.push_str(special);
            }
        }
        rest = after;
    }
    out.push_str(rest);
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
