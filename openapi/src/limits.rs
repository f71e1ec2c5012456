//! The rules of a request body: what its schema says of its members, however deep they lie.

use serde_json::{Map, Value};

use crate::named::only_value;
use crate::reference::resolve;
use crate::rule::checks;
use crate::{Check, Rule};

/// How deep members are followed, so that a schema which holds itself ends.
const DEPTH: usize = 12;

/// The rules of a request body's schema, or the sentence that says why a bound cannot be one.
pub(crate) fn rules(root: &Value, schema: &Value) -> Result<Vec<Rule>, String> {
    let mut found = Finder {
        root,
        rules: Vec::new(),
    };
    let most = resolve(root, schema).and_then(|schema| schema.get("x-max-bytes"));
    if let Some(most) = most {
        let most = most.as_u64().ok_or("x-max-bytes must be a count")?;
        found.add("body", Check::MaxBytes(most));
    }
    found.inside("", schema, DEPTH)?;
    Ok(found.rules)
}

struct Finder<'a> {
    root: &'a Value,
    rules: Vec<Rule>,
}

impl<'a> Finder<'a> {
    fn add(&mut self, path: &str, check: Check) {
        let field = path.to_owned();
        let rule = Rule { field, check };
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    /// What holds for a value, and then for all inside it.
    fn value(&mut self, path: &str, schema: &'a Value, depth: usize) -> Result<(), String> {
        self.own(path, schema, true, depth)?;
        self.inside(path, schema, depth)
    }

    /// What holds for a value itself. Of one alternative its type does not; and of what is nested its type is only worth
    /// the bytes where something else is said of it as well.
    fn own(
        &mut self,
        path: &str,
        schema: &'a Value,
        typed: bool,
        depth: usize,
    ) -> Result<(), String> {
        let (Some(schema), Some(depth)) = (resolve(self.root, schema), depth.checked_sub(1)) else {
            return Ok(());
        };
        let mut checks = checks(schema).map_err(|what| format!("member {path}: {what}"))?;
        if !typed || path.contains('.') && checks.len() == 1 {
            checks.retain(|check| !matches!(check, Check::Type(_)));
        }
        checks.into_iter().for_each(|check| self.add(path, check));
        for part in list(schema, "allOf") {
            self.own(path, part, typed, depth)?;
        }
        for arm in list(schema, "oneOf") {
            self.own(path, arm, false, depth)?;
        }
        Ok(())
    }

    /// What holds inside a value, or inside one alternative of it. Types of JSON tell alternatives apart, or a tag does.
    fn inside(&mut self, path: &str, schema: &'a Value, depth: usize) -> Result<(), String> {
        let (Some(schema), Some(depth)) = (resolve(self.root, schema), depth.checked_sub(1)) else {
            return Ok(());
        };
        // An alternative that is told by its tag has it.
        let tag = tag(schema).map(|(name, _)| name);
        for field in texts(schema, "required").filter(|field| Some(*field) != tag) {
            self.add(&step(path, field), Check::Required);
        }
        let one_of: Vec<&str> = texts(schema, "x-one-of").collect();
        if !one_of.is_empty() {
            self.add(&step(path, &one_of.join("|")), Check::OneOf);
        }
        for (name, schema) in members(schema) {
            self.value(&step(path, name), schema, depth)?;
        }
        if let Some(items) = schema.get("items") {
            self.value(&step(path, "*"), items, depth)?;
        }
        for part in list(schema, "allOf") {
            self.inside(path, part, depth)?;
        }
        for arm in list(schema, "oneOf") {
            let tag = resolve(self.root, arm).and_then(self::tag);
            match tag {
                None => self.inside(path, arm, depth)?,
                Some(("type", tag)) => self.inside(&step(path, &format!("={tag}")), arm, depth)?,
                Some((name, _)) => {
                    return Err(format!(
                        "member {path}: {name} cannot be a tag, only type can"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// The member of an alternative that has one possible value, and that value.
fn tag(schema: &Value) -> Option<(&str, &str)> {
    members(schema).find_map(|(name, it)| Some((name, only_value(it)?)))
}

fn step(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

fn members(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = schema.get("properties").and_then(Value::as_object);
    let members = members.into_iter().flat_map(Map::iter);
    members.map(|(name, schema)| (name.as_str(), schema))
}

fn list<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    let list = schema.get(key).and_then(Value::as_array);
    list.into_iter().flatten()
}

fn texts<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    list(schema, key).filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Check, ColumnLimits, ImageLimits, JsonType};

    #[test]
    fn every_documented_limit_becomes_a_check() {
        let schema = json!({"required": ["a"], "properties": {
            "a": {"type": "array", "minItems": 1, "maxItems": 9, "x-odd-items": true},
            "b": {"type": "string", "minLength": 1, "maxLength": 64},
            "c": {"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 0.5},
            "d": {"type": "integer", "minimum": -2, "maximum": 2, "exclusiveMaximum": true},
        }});
        let rules = rules(&json!({}), &schema).unwrap();
        let of = |field: &str| -> Vec<Check> {
            rules
                .iter()
                .filter(|rule| rule.field == field)
                .map(|rule| rule.check.clone())
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
                    bound: "0".into(),
                    exclusive: true
                },
                Maximum {
                    bound: "0.5".into(),
                    exclusive: false
                }
            ]
        );
        assert_eq!(
            of("d"),
            [
                Type(JsonType::Integer),
                Minimum {
                    bound: "-2".into(),
                    exclusive: false
                },
                Maximum {
                    bound: "2".into(),
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
    fn what_is_nested_is_named_by_its_path() {
        let parts = json!([
            {"properties": {"type": {"enum": ["text"]}}, "required": ["text"]},
            {"properties": {"type": {"enum": ["image"]}}, "required": ["image"]},
        ]);
        let content = json!([
            {"type": "string"},
            {"type": "array", "maxItems": 9, "items": {"oneOf": parts}},
        ]);
        let root =
            json!({"config": {"required": ["from"], "properties": {"scale": {"maximum": 0.5}}}});
        let schema = json!({"properties": {
            "config": {"$ref": "#/config"},
            "messages": {"items": {"properties": {"content": {"allOf": [{"oneOf": content}]}}}},
        }});
        let rules = rules(&root, &schema).unwrap();
        let fields: Vec<_> = rules.iter().map(|rule| rule.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "config.from",
                "config.scale",
                "messages.*.content",
                "messages.*.content.*.=text.text",
                "messages.*.content.*.=image.image",
            ]
        );
    }

    #[test]
    fn a_schema_that_holds_itself_has_an_end() {
        let root =
            json!({"node": {"properties": {"next": {"$ref": "#/node"}}, "required": ["id"]}});
        let rules = rules(&root, &json!({"$ref": "#/node"})).unwrap();
        assert!(rules.len() > 2, "{rules:?}");
    }

    #[test]
    fn limits_of_images_columns_and_bodies_become_checks() {
        let schema = json!({"x-max-bytes": 99, "properties": {
            "context": {"type": "integer", "minimum": 32, "x-also": -1},
            "image": {"x-image": {"maxSide": 7}},
            "table": {"x-columns": {"minRows": 2, "forecast": true}},
        }});
        let image = ImageLimits {
            max_side: 7,
            ..ImageLimits::default()
        };
        let table = ColumnLimits {
            min_rows: 2,
            forecast: true,
            ..ColumnLimits::default()
        };
        let checks: Vec<_> = rules(&json!({}), &schema)
            .unwrap()
            .into_iter()
            .map(|rule| (rule.field, rule.check))
            .collect();
        assert_eq!(
            checks,
            [
                ("body".into(), Check::MaxBytes(99)),
                ("context".into(), Check::Type(JsonType::Integer)),
                (
                    "context".into(),
                    Check::MinimumOr {
                        bound: "32".into(),
                        also: "-1".into()
                    }
                ),
                ("image".into(), Check::Image(image)),
                ("table".into(), Check::Columns(table)),
            ]
        );
    }

    #[test]
    fn a_limit_of_no_known_name_is_an_error_that_names_the_member() {
        for (limits, expected) in [
            (
                json!({"x-image": {"maxsize": 1}}),
                "member x: x-image.maxsize is unknown",
            ),
            (
                json!({"x-columns": {"minRows": "a"}}),
                "member x: x-columns.minRows must be a count below 2^32",
            ),
            (
                json!({"x-columns": {"forecast": 1}}),
                "member x: x-columns.forecast must be true or false",
            ),
        ] {
            let schema = json!({"properties": {"x": limits}});
            assert_eq!(rules(&json!({}), &schema).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_bound_that_is_no_number_is_an_error_that_names_the_member() {
        let inner = json!({"properties": {"y": {"type": "number", "maximum": "ten"}}});
        let schema = json!({"properties": {"x": inner}});
        let error = rules(&json!({}), &schema).unwrap_err();
        assert_eq!(error, "member x.y: maximum must be a number, is \"ten\"");
    }
}
