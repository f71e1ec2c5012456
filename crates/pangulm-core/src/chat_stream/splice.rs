//! V1 puts the increment of a choice into `message`; here it moves to `delta`, as in V2.

use crate::scan::Value;

/// The chunk with every `choices[].message` renamed to `delta`, byte for byte the same otherwise.
pub(super) fn message_to_delta(text: &str, chunk: Value<'_>) -> String {
    let mut spliced = String::with_capacity(text.len());
    let mut copied = 0;
    let choices = chunk.member("choices");
    for choice in choices.iter().flat_map(Value::items) {
        if choice.member("delta").is_some() {
            continue;
        }
        let Some(message) = choice.members().find(|member| member.is_named("message")) else {
            continue;
        };
        spliced.push_str(text.get(copied..message.name_start).unwrap_or_default());
        spliced.push_str("\"delta\"");
        copied = message.name_end;
    }
    spliced.push_str(text.get(copied..).unwrap_or_default());
    spliced
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::parse;

    #[test]
    fn only_the_increments_of_choices_are_renamed() {
        let cases = [
            (
                r#"{"message":1,"choices":[{"index":0,"message":{"message":"message"}},{"message":{}}]}"#,
                r#"{"message":1,"choices":[{"index":0,"delta":{"message":"message"}},{"delta":{}}]}"#,
            ),
            (
                r#"{"choices":[{"delta":{"content":"x"}}]}"#,
                r#"{"choices":[{"delta":{"content":"x"}}]}"#,
            ),
            (r#"{"choices":[]}"#, r#"{"choices":[]}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(message_to_delta(text, parse(text).unwrap()), expected);
        }
    }
}
