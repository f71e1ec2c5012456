//! A document as the typed client's generator can take it.
//!
//! The generator understands one answer for each operation, closes what it should leave open, and drops what it does not
//! know. Each function here takes away one of these edges.

use serde_json::{Map, Value, json};

use crate::site::JSON;
use crate::walk::each_child;

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

/// See [`Document::normalised`](crate::Document::normalised).
pub(crate) fn normalise(raw: &Value) -> Value {
    let mut root = raw.clone();
    if let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|_, operation| answers_with_json_or_nothing(operation));
            item.values_mut().for_each(keep_one_answer);
        }
    }
    each_schema(&mut root, &mut loosen);
    root
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

/// The PascalCase name of an enum's value.
pub(crate) fn variant_name(value: &str) -> String {
    value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| {
            let mut rest = word.chars();
            let first = rest.next()?;
            Some(std::iter::once(first.to_ascii_uppercase()).chain(rest))
        })
        .flatten()
        .collect()
}

fn success_content(operation: &Value) -> Option<&Map<String, Value>> {
    crate::site::successes(operation)
        .next()?
        .get("content")?
        .as_object()
}

/// Streams are read event by event, which the generated client cannot do.
fn answers_with_json_or_nothing(operation: &Value) -> bool {
    success_content(operation)
        .is_none_or(|content| content.is_empty() || content.contains_key(JSON))
}

/// Refusals are parsed in one place, and a declared one would lose its status when it is not JSON.
fn keep_one_answer(operation: &mut Value) {
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    responses.retain(|status, _| status.starts_with('2'));
    for response in responses.values_mut() {
        if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
            content.retain(|media, _| media == JSON);
        }
    }
}

/// Calls `visit` for every schema of the document, inner ones first.
fn each_schema(node: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    fn deep(schema: &mut Value, visit: &mut impl FnMut(&mut Value)) {
        each_child(schema, |child| deep(child, visit));
        visit(schema);
    }
    match node {
        Value::Array(list) => list.iter_mut().for_each(|child| each_schema(child, visit)),
        Value::Object(map) => {
            for (key, child) in map {
                match (key.as_str(), child) {
                    ("example", _) => {}
                    ("schema", child) => deep(child, visit),
                    ("schemas", Value::Object(schemas)) => {
                        schemas.values_mut().for_each(|schema| deep(schema, visit));
                    }
                    (_, child) => each_schema(child, visit),
                }
            }
        }
        _ => {}
    }
}

/// What becomes a panic, a closed type or another dependency in the generated code. Limits are checked before sending
/// ([`Rule`](crate::Rule)) and do not need a type.
const STRIPPED: [&str; 12] = [
    "default",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "uniqueItems",
];

fn loosen(schema: &mut Value) {
    let several = several_values(schema).is_some();
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    map.retain(|key, _| !STRIPPED.contains(&key.as_str()) && !key.starts_with("x-"));
    if map.get("format").is_some_and(|format| format != "int64") {
        map.shift_remove("format");
    }
    if several {
        map.shift_remove("enum");
    }
    if map.contains_key("properties") && !map.contains_key("additionalProperties") {
        map.insert("additionalProperties".into(), json!({}));
    }
    let required: Vec<Value> = map
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for (name, property) in map
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if !required.iter().any(|it| it == name) {
            loosen_optional(property);
        }
    }
}

/// An optional member is an `Option` already, which takes null as well; but a list or a map would be a bare collection,
/// which takes no null and cannot be sent empty.
fn loosen_optional(property: &mut Value) {
    let collection = property.get("type").is_some_and(|it| it == "array")
        || property.get("type").is_some_and(|it| it == "object")
            && property.get("properties").is_none();
    let Some(map) = property.as_object_mut() else {
        return;
    };
    if collection {
        map.insert("nullable".into(), json!(true));
    } else {
        map.shift_remove("nullable");
    }
    // The wrapper that made a reference nullable has nothing left to do.
    if let Some([only]) = map
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        && map.len() == 1
    {
        *property = only.clone();
    }
}
