//! Schemas that the generated code takes from elsewhere: enums that can grow, and secrets.

use serde_json::Value;

/// A named string enum that may get new values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnum {
    /// The schema's name.
    pub name: String,
    /// What it says.
    pub description: String,
    /// The values known today, each with the name it has in code: `content_filter`, `ContentFilter`.
    pub values: Vec<(String, String)>,
}

/// See [`Document::open_enums`](crate::Document::open_enums).
pub(crate) fn open_enums(raw: &Value) -> Vec<OpenEnum> {
    let schemas = raw
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            Some(OpenEnum {
                name: name.clone(),
                description: schema.get("description").and_then(Value::as_str)?.into(),
                values: several_values(schema)?
                    .into_iter()
                    .map(|value| (value.clone(), variant_name(&value)))
                    .collect(),
            })
        })
        .collect()
}

/// See [`Document::secrets`](crate::Document::secrets).
pub(crate) fn secrets(raw: &Value) -> Vec<String> {
    let schemas = raw
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let secrets = schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_secret(schema));
    secrets.map(|(name, _)| name.clone()).collect()
}

pub(crate) fn is_secret(schema: &Value) -> bool {
    schema
        .get("format")
        .is_some_and(|format| format == "password")
}

/// The values of a string enum; `None` for the enum of one value, which is the tag of a choice.
pub(crate) fn several_values(schema: &Value) -> Option<Vec<String>> {
    let values = schema.get("enum")?.as_array()?;
    let values: Vec<String> = values
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    (values.len() > 1).then_some(values)
}

/// The one value of an enum of one value.
pub(crate) fn only_value(schema: &Value) -> Option<&str> {
    match schema.get("enum")?.as_array()?.as_slice() {
        [only] => only.as_str(),
        _ => None,
    }
}

/// The PascalCase name of an enum's value: `ContentFilter` for `content_filter`, `Pending` for `PENDING`.
pub(crate) fn variant_name(value: &str) -> String {
    value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| {
            let (first, rest) = word.split_at_checked(1)?;
            let shouted = !word.contains(|c: char| c.is_ascii_lowercase());
            let rest = if shouted {
                rest.to_ascii_lowercase()
            } else {
                rest.into()
            };
            Some(first.to_ascii_uppercase() + &rest)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_gets_a_name_as_code_writes_it() {
        for (value, name) in [
            ("content_filter", "ContentFilter"),
            ("toolCalls", "ToolCalls"),
            ("PENDING", "Pending"),
            ("ONLINE-DEPLOY", "OnlineDeploy"),
            ("v2", "V2"),
        ] {
            assert_eq!(variant_name(value), name);
        }
    }
}
