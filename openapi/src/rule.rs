//! What the description says about the members of a request body.

use serde_json::Value;

use crate::reference::resolve;

/// One documented condition on a member of a JSON request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The member, always at the top of the body. Of `OneOf` several.
    pub field: String,
    /// The condition.
    pub check: Check,
}

/// A condition on a member. All but `Required` and `OneOf` hold for a body without the member, and all but `Type` for a value of
/// another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// An array has an even number of items.
    EvenItems,
    /// A string is the name of a data set: Chinese characters, letters, digits, `-` and `_`.
    DatasetName,
    /// A string has at least so many characters.
    MinLength(u64),
    /// A string has at most so many characters.
    MaxLength(u64),
    /// A number is at least `bound`, or above it if `exclusive`.
    Minimum {
        /// The bound; all documented ones are integers.
        bound: i64,
        /// Whether the bound itself is out of range.
        exclusive: bool,
    },
    /// A number is at most `bound`, or below it if `exclusive`.
    Maximum {
        /// The bound; all documented ones are integers.
        bound: i64,
        /// Whether the bound itself is out of range.
        exclusive: bool,
    },
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

/// The rules of a request body's schema, or the sentence that says why a bound cannot be one.
pub(crate) fn rules(root: &Value, schema: &Value) -> Result<Vec<Rule>, String> {
    let mut rules = Vec::new();
    let Some(schema) = resolve(root, schema) else {
        return Ok(rules);
    };
    for field in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if let Some(field) = field.as_str() {
            rules.push(Rule {
                field: field.into(),
                check: Check::Required,
            });
        }
    }
    let one_of = schema.get("x-one-of").and_then(Value::as_array);
    if let Some(fields) = one_of {
        let fields: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
        rules.push(Rule {
            field: fields.join("|"),
            check: Check::OneOf,
        });
    }
    for (field, schema) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let Some(schema) = resolve(root, schema) else {
            continue;
        };
        let checks = checks(schema).map_err(|what| format!("member {field}: {what}"))?;
        rules.extend(checks.into_iter().map(|check| Rule {
            field: field.clone(),
            check,
        }));
    }
    Ok(rules)
}

fn checks(schema: &Value) -> Result<Vec<Check>, String> {
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
        Some(value) => value
            .as_i64()
            .map(Some)
            .ok_or_else(|| format!("{key} must be an integer, is {value}")),
    };
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
        bound("minimum")?.map(|bound| Check::Minimum {
            bound,
            exclusive: flag("exclusiveMinimum"),
        }),
        bound("maximum")?.map(|bound| Check::Maximum {
            bound,
            exclusive: flag("exclusiveMaximum"),
        }),
    ];
    Ok(checks.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_documented_limit_becomes_a_check() {
        let schema = json!({"required": ["a"], "properties": {
            "a": {"type": "array", "minItems": 1, "maxItems": 9, "x-odd-items": true},
            "b": {"type": "string", "minLength": 1, "maxLength": 64},
            "c": {"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1},
            "d": {"type": "integer", "minimum": -2, "maximum": 2, "exclusiveMaximum": true},
        }});
        let rules = rules(&json!({}), &schema).unwrap();
        let of = |field: &str| -> Vec<Check> {
            rules
                .iter()
                .filter(|rule| rule.field == field)
                .map(|rule| rule.check)
                .collect()
        };
        use Check::*;
        assert_eq!(
            of("a"),
            [
                Required,
                Type(JsonType::Array),
                MinItems(1),
                MaxItems(9),
                OddItems
            ]
        );
        assert_eq!(
            of("b"),
            [Type(JsonType::String), MinLength(1), MaxLength(64)]
        );
        assert_eq!(
            of("c"),
            [
                Type(JsonType::Number),
                Minimum {
                    bound: 0,
                    exclusive: true
                },
                Maximum {
                    bound: 1,
                    exclusive: false
                }
            ]
        );
        assert_eq!(
            of("d"),
            [
                Type(JsonType::Integer),
                Minimum {
                    bound: -2,
                    exclusive: false
                },
                Maximum {
                    bound: 2,
                    exclusive: true
                }
            ]
        );
    }

    #[test]
    fn members_that_may_stand_for_each_other_are_one_rule() {
        let schema = json!({"x-one-of": ["a", "b"], "properties": {}});
        let rule = Rule {
            field: "a|b".into(),
            check: Check::OneOf,
        };
        assert_eq!(rules(&json!({}), &schema), Ok(vec![rule]));
    }

    #[test]
    fn a_member_that_may_be_null_or_of_several_types_has_no_type_check() {
        let schema = json!({"properties": {
            "null": {"type": "string", "nullable": true},
            "either": {"oneOf": [{"type": "string"}, {"type": "array"}]},
        }});
        assert_eq!(rules(&json!({}), &schema), Ok(vec![]));
    }

    #[test]
    fn a_bound_that_is_no_integer_is_an_error_that_names_the_member() {
        let schema = json!({"properties": {"x": {"type": "number", "maximum": 0.5}}});
        let error = rules(&json!({}), &schema).unwrap_err();
        assert_eq!(error, "member x: maximum must be an integer, is 0.5");
    }
}
