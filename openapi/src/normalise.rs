//! A document as the typed client's generator can take it.
//!
//! The generator understands one answer for each operation, closes what it should leave open, and drops what it does not
//! know. Each function here takes away one of these edges.

use serde_json::{Map, Value, json};

use crate::named::{only_value, several_values};
use crate::prune::prune;
use crate::reference::resolve;
use crate::site::JSON;
use crate::walk::each_child;

/// See [`Document::normalised`](crate::Document::normalised).
pub(crate) fn normalise(raw: &Value, is_wanted: &dyn Fn(&str) -> bool) -> Value {
    let mut root = raw.clone();
    if let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|_, operation| area(operation).is_none_or(is_wanted));
            item.values_mut()
                .for_each(|operation| inline_answers(raw, operation));
            item.retain(|_, operation| answers_with_json_or_nothing(operation));
            item.values_mut().for_each(keep_one_answer);
        }
    }
    prune(&mut root);
    each_schema(&mut root, &mut loosen);
    root
}

/// The area of an operation; what paths hold besides has none.
fn area(operation: &Value) -> Option<&str> {
    operation.pointer("/tags/0")?.as_str()
}

/// An answer that several operations share becomes each one's own, so that it can be changed below.
fn inline_answers(raw: &Value, operation: &mut Value) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for response in responses.into_iter().flatten().map(|(_, it)| it) {
        if let Some(target) = resolve(raw, response) {
            *response = target.clone();
        }
    }
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
    merge_tagged(schema);
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

/// A choice between tagged objects becomes one object with the members of all, since a closed choice would neither take
/// a new kind nor keep unknown members.
fn merge_tagged(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    let arms = map.get("oneOf").and_then(Value::as_array);
    let Some(arms) = arms.filter(|arms| arms.iter().all(|arm| tag(arm).is_some())) else {
        return;
    };
    let mut properties = Map::new();
    for arm in arms {
        for (name, property) in arm
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            properties.entry(name).or_insert_with(|| property.clone());
        }
    }
    let Some(tag) = arms.first().and_then(tag).map(str::to_owned) else {
        return;
    };
    let kinds = json!({"type": "string", "description": "Which kind it is."});
    properties.insert(tag.clone(), kinds);
    map.shift_remove("oneOf");
    map.insert("type".into(), json!("object"));
    map.insert("required".into(), json!([tag]));
    map.insert("properties".into(), Value::Object(properties));
}

/// The member of an object that has one possible value.
fn tag(schema: &Value) -> Option<&str> {
    let mut properties = schema.get("properties")?.as_object()?.iter();
    properties
        .find(|(_, property)| only_value(property).is_some())
        .map(|(name, _)| name.as_str())
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
