//! A simple tokeniser, always the same: a Chinese character (or other CJK sign), a word, a number
//! or a punctuation mark is one token. Real models cut differently.

/// Whether a character is written without spaces around it.
pub(crate) fn is_cjk(character: char) -> bool {
    matches!(u32::from(character),
        0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF
        | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// The tokens, without the space between them.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    pieces(text)
        .into_iter()
        .map(str::trim_start)
        .filter(|token| !token.is_empty())
        .collect()
}

/// How many tokens a text has.
pub(crate) fn count(text: &str) -> usize {
    tokens(text).len()
}

/// The text cut into tokens, each with the space before it; joined, they are the text again.
pub(crate) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(first_end(rest));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Where the first token of a text that is not empty ends.
fn first_end(text: &str) -> usize {
    let space = text.len() - text.trim_start().len();
    let body = text.trim_start();
    let in_word = |c: char| (c.is_alphanumeric() || c == '_') && !is_cjk(c);
    let word = body.find(|c| !in_word(c)).unwrap_or(body.len());
    let sign = body.chars().next().map_or(0, char::len_utf8);
    space + if word > 0 { word } else { sign }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cjk_sign_a_word_and_a_mark_are_one_token_each() {
        for (text, expected) in [
            ("", &[][..]),
            ("  \n", &[]),
            ("Hello, big world!", &["Hello", ",", "big", "world", "!"]),
            ("你好,西安。", &["你", "好", ",", "西", "安", "。"]),
            (
                "Pangu大模型 3.5",
                &["Pangu", "大", "模", "型", "3", ".", "5"],
            ),
            ("😀😀", &["😀", "😀"]),
        ] {
            assert_eq!(tokens(text), expected, "{text:?}");
        }
    }

    #[test]
    fn pieces_join_to_the_text() {
        for text in ["", " ", " a  b\n", "你好, world \u{3000}!  "] {
            assert_eq!(pieces(text).concat(), text);
        }
    }
}
