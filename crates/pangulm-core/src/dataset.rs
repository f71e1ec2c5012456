//! The name of a data set.

use crate::condition::shape;
use crate::scan::Value;
use crate::text::concat;

/// What is wrong with a name. The reference has more conditions, which editions of the platform do not
/// share; of its characters only the Stack edition speaks.
#[inline(never)]
pub(crate) fn fault(value: Value<'_>) -> Option<String> {
    let name = value.string()?;
    let fits = name.chars().all(|character| {
        character.is_ascii_alphanumeric()
            || matches!(character, '-' | '_' | '\u{3400}'..='\u{9fff}')
    });
    let wanted = "may hold Chinese characters, letters, digits, - and _ only; got ";
    (!fits).then(|| concat(&[wanted, &shape(value)]))
}
