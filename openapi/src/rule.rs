//! What the description says about a value.

use serde_json::Value;

use crate::bounds::{ColumnLimits, ImageLimits};

/// One documented condition on a member of a JSON request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The path to the member, its steps parted by dots: a name, `*` for every item of a list, or `=tag` for an object
    /// whose member `type` is `tag` and no other. Of `OneOf` several names, for `MaxBytes` it is `body`.
    pub field: String,
    /// The condition.
    pub check: Check,
}

/// A condition on a member. All but `Required` and `OneOf` hold for a body without the member, and all but `Type` for a value of
/// another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The member is there.
    Required,
    /// At least one of the members, whose names `|` parts, is there and not empty.
    OneOf,
    /// The value is of this type. Not given where null or several types are allowed.
    Type(JsonType),
    /// An array has at least so many items.
    MinItems(u64),
    /// An array has at most so many items.
    MaxItems(u64),
    /// An array has an odd number of items.
    OddItems,
    /// An array has an even number of items, questions and answers by turns, and no question is empty.
    EvenItems,
    /// A string is the name of a data set: Chinese characters, letters, digits, `-` and `_`.
    DatasetName,
    /// A string has at least so many characters.
    MinLength(u64),
    /// A string has at most so many characters.
    MaxLength(u64),
    /// A number is at least `bound`, or above it if `exclusive`.
    Minimum {
        /// The bound, as it is written.
        bound: String,
        /// Whether the bound itself is out of range.
        exclusive: bool,
    },
    /// A number is at least `bound`, or it is `also`, which stands for the service's own choice.
    MinimumOr {
        /// The bound, as it is written.
        bound: String,
        /// The number below it that is allowed.
        also: String,
    },
    /// The whole body has at most so many bytes.
    MaxBytes(u64),
    /// An image in base64, or each of a list of such.
    Image(ImageLimits),
    /// Named columns of a table or of series, or each item of a list of such.
    Columns(ColumnLimits),
    /// A number is at most `bound`, or below it if `exclusive`.
    Maximum {
        /// The bound, as it is written.
        bound: String,
        /// Whether the bound itself is out of range.
        exclusive: bool,
    },
    /// A text is a UUID in its usual form: 32 hexadecimal digits with four hyphens.
    Uuid,
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// Text.
    String,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// Named members.
    Object,
}

impl JsonType {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "string" => Some(Self::String),
            "integer" => Some(Self::Integer),
            "number" => Some(Self::Number),
            "boolean" => Some(Self::Boolean),
            "array" => Some(Self::Array),
            "object" => Some(Self::Object),
            _ => None,
        }
    }
}

/// What can be checked of the text that a parameter is sent as.
pub(crate) fn of_parameter(schema: &Value) -> Result<Vec<Check>, String> {
    let mut checks = checks(schema)?;
    checks.retain(|check| {
        matches!(
            check,
            Check::Minimum { .. } | Check::Maximum { .. } | Check::Uuid
        )
    });
    Ok(checks)
}

pub(crate) fn checks(schema: &Value) -> Result<Vec<Check>, String> {
    let flag = |key: &str| schema.get(key).and_then(Value::as_bool).unwrap_or(false);
    let count = |key: &str| match schema.get(key) {
        None => Ok(None),
        Some(value) => value
            .as_u64()
            .map(Some)
            .ok_or_else(|| format!("{key} must be a count")),
    };
    let bound = |key: &str| match schema.get(key) {
        None => Ok(None),
        Some(value) if value.is_number() => Ok(Some(value.to_string())),
        Some(value) => Err(format!("{key} must be a number, is {value}")),
    };
    let also = bound("x-also")?;
    let json_type = schema
        .get("type")
        .and_then(Value::as_str)
        .and_then(JsonType::parse);
    let checks = [
        json_type.filter(|_| !flag("nullable")).map(Check::Type),
        count("minItems")?.map(Check::MinItems),
        count("maxItems")?.map(Check::MaxItems),
        flag("x-odd-items").then_some(Check::OddItems),
        flag("x-even-items").then_some(Check::EvenItems),
        flag("x-dataset-name").then_some(Check::DatasetName),
        count("minLength")?.map(Check::MinLength),
        count("maxLength")?.map(Check::MaxLength),
        bound("minimum")?.map(|bound| match also {
            Some(also) => Check::MinimumOr { bound, also },
            None => Check::Minimum {
                bound,
                exclusive: flag("exclusiveMinimum"),
            },
        }),
        bound("maximum")?.map(|bound| Check::Maximum {
            bound,
            exclusive: flag("exclusiveMaximum"),
        }),
        schema
            .get("x-image")
            .map(ImageLimits::read)
            .transpose()?
            .map(Check::Image),
        schema
            .get("x-columns")
            .map(ColumnLimits::read)
            .transpose()?
            .map(Check::Columns),
        (schema.get("format").and_then(Value::as_str) == Some("uuid")).then_some(Check::Uuid),
    ];
    Ok(checks.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_parameter_only_what_its_text_can_show_is_checked() {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 1000});
        let (bound, exclusive) = ("1".to_owned(), false);
        let least = Check::Minimum { bound, exclusive };
        let bound = "1000".to_owned();
        let most = Check::Maximum { bound, exclusive };
        assert_eq!(of_parameter(&schema), Ok(vec![least, most]));
        let schema = json!({"type": "string", "format": "uuid", "minLength": 1});
        assert_eq!(of_parameter(&schema), Ok(vec![Check::Uuid]));
    }
}
