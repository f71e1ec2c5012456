//! Answers that arrived whole and yet are none: the platform filtered them, or ran out of resources
//! (facts: inference.md 3.2). Their finish reason says so; here it becomes an error.

use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::scan;

const REASONS: [(&str, ErrorKind, &str); 2] = [
    (
        "content_filter",
        ErrorKind::ContentFiltered,
        "the platform's content filter cut the answer off; what came before is kept",
    ),
    (
        "insufficient_system_resource",
        ErrorKind::OutOfResources,
        "the platform ran out of resources and cut the answer off; what came before is kept",
    ),
];

/// The error that this chat completion is, if one of its choices was cut short. It keeps the whole
/// completion as its body.
pub(crate) fn error_of(operation: &Operation, completion: &str) -> Option<Error> {
    let choices = scan::parse(completion)?.member("choices")?;
    let (_, kind, message) = choices.items().find_map(|choice| {
        let reason = choice.member("finish_reason")?.string()?;
        REASONS.iter().find(|(known, ..)| *known == reason)
    })?;
    let error = Error::builder(*kind, *message).operation(operation.id);
    Some(error.whole_body(completion.as_bytes()).build())
}
