//! OpenAPI 3.0 schemas as JSON Schema.

use serde_json::{Map, Value, json};

use crate::Part;
use crate::reference::resolve;
use crate::site::{EVENTS, JSON, sites, successes};
use crate::walk::each_child;

/// See [`Document::json_schema`](crate::Document::json_schema).
pub(crate) fn json_schema(root: &Value, operation_id: &str, part: Part) -> Option<Value> {
    let id = |node: &Value| {
        node.get("operationId")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let site = sites(root)
        .find(|site| id(site.node).as_deref() == Some(operation_id))
        .or_else(|| {
            let whole = operation_id.strip_suffix("Stream");
            sites(root).find(|site| whole.is_some() && id(site.node).as_deref() == whole)
        })?;
    let (parent, media, key) = match part {
        Part::Request => (site.node.get("requestBody")?, JSON, "schema"),
        Part::Response => (successes(site.node).next()?, JSON, "schema"),
        Part::Chunk => (successes(site.node).next()?, EVENTS, "x-event-schema"),
    };
    let schema = resolve(root, parent)?
        .get("content")?
        .get(media)?
        .get(key)?;
    let mut defs = root
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_else(|| json!({}));
    if let Some(defs) = defs.as_object_mut() {
        defs.values_mut().for_each(translate);
    }
    let mut schema = schema.clone();
    translate(&mut schema);
    Some(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "$defs": defs,
    }))
}

fn translate(schema: &mut Value) {
    each_child(schema, translate);
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::String(target)) = map.get_mut("$ref") {
        *target = target.replace("#/components/schemas/", "#/$defs/");
    }
    if map.get("x-open") == Some(&Value::Bool(true)) {
        map.shift_remove("enum");
    }
    let also = map.shift_remove("x-also");
    map.retain(|key, _| key != "example" && !key.starts_with("x-"));
    bound(map, "minimum", "exclusiveMinimum");
    bound(map, "maximum", "exclusiveMaximum");
    if map.shift_remove("nullable") == Some(Value::Bool(true)) {
        // A schema of nothing but words allows null already.
        if map.keys().any(|key| key != "description" && key != "title") {
            *schema = json!({"anyOf": [{"type": "null"}, Value::Object(map.clone())]});
        }
    } else if let Some(also) = also {
        *schema = json!({"anyOf": [{"const": also}, Value::Object(map.clone())]});
    }
}

/// OpenAPI 3.0 says by a flag whether a bound is exclusive, JSON Schema by the keyword.
fn bound(map: &mut Map<String, Value>, inclusive: &str, exclusive: &str) {
    if map.shift_remove(exclusive) == Some(Value::Bool(true))
        && let Some(bound) = map.shift_remove(inclusive)
    {
        map.insert(exclusive.into(), bound);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(mut schema: Value) -> Value {
        translate(&mut schema);
        schema
    }

    #[test]
    fn nullable_becomes_a_choice_with_null() {
        assert_eq!(
            translated(json!({"type": "string", "nullable": true})),
            json!({"anyOf": [{"type": "null"}, {"type": "string"}]})
        );
        assert_eq!(translated(json!({"nullable": true})), json!({}));
    }

    #[test]
    fn exclusive_bounds_move_into_their_keyword() {
        assert_eq!(
            translated(json!({"minimum": 0, "exclusiveMinimum": true, "maximum": 1})),
            json!({"maximum": 1, "exclusiveMinimum": 0})
        );
    }

    #[test]
    fn an_open_enum_is_any_string_to_a_validator() {
        assert_eq!(
            translated(json!({"type": "string", "enum": ["a", "b"], "x-open": true})),
            json!({"type": "string"})
        );
    }

    #[test]
    fn a_number_that_is_also_allowed_becomes_a_choice() {
        assert_eq!(
            translated(json!({"type": "integer", "minimum": 32, "x-also": -1})),
            json!({"anyOf": [{"const": -1}, {"type": "integer", "minimum": 32}]})
        );
    }

    #[test]
    fn members_named_like_keywords_are_left_alone() {
        let schema = json!({"properties": {"nullable": {"type": "boolean"}, "example": {}}});
        assert_eq!(translated(schema.clone()), schema);
    }
}
