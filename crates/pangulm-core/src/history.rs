//! The history of a search plan: questions and answers by turns.

use crate::condition::{shape, size};
use crate::scan::{Kind, Value};
use crate::text::{concat, digits};

/// What is wrong with a history. An answer may be an empty text, but a question may not.
#[inline(never)]
pub(crate) fn fault(value: Value<'_>) -> Option<String> {
    if value.kind() != Kind::Array {
        return None;
    }
    let mut count = 0;
    for item in value.items() {
        if count % 2 == 0 && item.raw() == "\"\"" {
            return Some(concat(&[
                "item ",
                &digits(size(count) + 1),
                ": must not be empty, for it is a question",
            ]));
        }
        count += 1;
    }
    let pairs = "must have an even number of items: question, answer, question, answer, …; got ";
    (count % 2 == 1).then(|| concat(&[pairs, &shape(value)]))
}
