//! Checking the values of parameters against what the reference documents, before anything is sent.

use crate::error::Error;
use crate::operation::{Check, Parameter};
use crate::scan::{self, Kind};
use crate::text::{concat, digits, first, length};

/// Checks a value, which is sent as text.
pub(crate) fn check_parameter(parameter: &'static Parameter, text: &str) -> Result<(), Error> {
    let value = scan::parse(text).filter(|value| value.kind() == Kind::Number);
    let number = value.and_then(|value| value.number());
    let holds = |check: &Check| match *check {
        Check::Uuid => is_uuid(text),
        Check::AtLeast(bound) => number.is_some_and(|number| number.compare(bound).is_ge()),
        Check::AtMost(bound) => number.is_some_and(|number| number.compare(bound).is_le()),
        _ => true,
    };
    let Some(check) = parameter.checks.iter().find(|check| !holds(check)) else {
        return Ok(());
    };
    let wanted = check.wanted();
    let count = length(text);
    let message = match value {
        Some(number) => concat(&[&wanted, "; got ", first(number.raw(), 40)]),
        None => concat(&[&wanted, "; got a text of ", &digits(count), " characters"]),
    };
    Err(Error::invalid(parameter.name, message))
}

/// 8, 4, 4, 4 and 12 hexadecimal digits with hyphens between.
pub(crate) fn is_uuid(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    fn refusal(id: &str, name: &str, text: &str) -> Option<String> {
        let operation = Operation::find(id).unwrap();
        let parameters = &mut operation.parameters.iter();
        let parameter = parameters.find(|it| it.name == name).unwrap();
        let refused = check_parameter(parameter, text).err();
        refused.map(|error| error.to_string())
    }

    #[test]
    fn a_number_out_of_its_range_is_named_with_what_would_do() {
        let limit = |text| refusal("listDataLineages", "limit", text);
        assert_eq!((limit("1"), limit("1000")), (None, None));
        for (text, expected) in [
            ("0", "limit: must be at least 1; got 0"),
            ("1001", "limit: may be at most 1000; got 1001"),
            (
                "all",
                "limit: must be at least 1; got a text of 3 characters",
            ),
        ] {
            assert_eq!(limit(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_conversation_is_named_by_a_uuid() {
        let conversation = |text| refusal("runAgent", "conversation_id", text);
        assert_eq!(conversation("4c0dcef2-7f8f-4c57-93c7-484c03b0a216"), None);
        for text in [
            "",
            "mine",
            "4c0dcef27f8f4c5793c7484c03b0a216",
            "4c0dcef2-7f8f-4c57-93c7-484c03b0a21g",
        ] {
            let refused = conversation(text).unwrap();
            assert!(
                refused.starts_with("conversation_id: must be a UUID"),
                "{refused}"
            );
        }
    }
}
