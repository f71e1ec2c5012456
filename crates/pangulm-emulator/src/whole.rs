//! Whole numbers of 64 bits. JSON Schema calls `-9.223372036854776e18` an integer, but no service reads
//! it as one, and no answer that repeats it keeps to its own description.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

/// Up to here a number of 64-bit floating point stands for itself alone.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What the keyword `format` asks of a value; other formats than `int64` ask nothing of a body.
pub(crate) fn of_format<'a>(
    _: &'a Map<String, Value>,
    format: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    Ok(match format.as_str() {
        Some("int64") => Box::new(Int64),
        _ => Box::new(Anything),
    })
}

struct Int64;

impl<'i> Keyword<'i> for Int64 {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(value) {
            return Ok(());
        }
        let why = "it must be a whole number of 64 bits";
        Err(ValidationError::custom(why))
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        let is_exact = |number: f64| number.abs() <= EXACT;
        !value.is_number()
            || value.is_i64()
            || value.is_f64() && value.as_f64().is_some_and(is_exact)
    }
}

struct Anything;

impl<'i> Keyword<'i> for Anything {
    fn validate(&self, _: &'i Value) -> Result<(), ValidationError<'i>> {
        Ok(())
    }

    fn is_valid(&self, _: &'i Value) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_of_64_bits_is_one_in_any_notation_that_is_exact() {
        for good in [
            json!(5),
            json!(5.0),
            json!(i64::MIN),
            json!(i64::MAX),
            json!("5"),
        ] {
            assert!(Int64.is_valid(&good), "{good}");
        }
        for bad in [json!(u64::MAX), json!(-9.223372036854776e18), json!(1e300)] {
            assert!(
                Int64.is_valid(&bad) == Int64.validate(&bad).is_ok(),
                "{bad}"
            );
            assert!(!Int64.is_valid(&bad), "{bad}");
        }
    }
}
