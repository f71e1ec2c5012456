//! Putting a document together out of its files.

use serde_json::{Map, Value};

use crate::{Problem, SpecError};

/// Adds the fragments to the root. What two of them call by one name is a problem, and so is a member that only a root
/// may have.
pub(crate) fn merge(
    document: &str,
    mut root: Value,
    fragments: Vec<(&str, Value)>,
) -> Result<Value, SpecError> {
    let mut problems = Vec::new();
    for (file, fragment) in fragments {
        let members = fragment.as_object().cloned().unwrap_or_default();
        for (name, value) in members {
            let clashes = match (name.as_str(), root.get_mut(&name), value) {
                ("paths", Some(Value::Object(known)), Value::Object(more)) => add(known, more),
                ("components", Some(Value::Object(known)), Value::Object(more)) => {
                    add_components(known, more)
                }
                ("tags", Some(Value::Array(known)), Value::Array(more)) => {
                    known.extend(more);
                    Vec::new()
                }
                _ => vec![format!(
                    "{name}: a fragment holds paths, components and tags, and nothing else"
                )],
            };
            problems.extend(clashes.into_iter().map(|message| Problem {
                document: document.into(),
                place: file.into(),
                message,
            }));
        }
    }
    if problems.is_empty() {
        Ok(root)
    } else {
        Err(SpecError::new(problems))
    }
}

/// Adds what is new, and tells what is there already.
fn add(known: &mut Map<String, Value>, more: Map<String, Value>) -> Vec<String> {
    let mut clashes = Vec::new();
    for (name, value) in more {
        if known.contains_key(&name) {
            clashes.push(format!("{name}: is there already"));
        } else {
            known.insert(name, value);
        }
    }
    clashes
}

fn add_components(known: &mut Map<String, Value>, more: Map<String, Value>) -> Vec<String> {
    let mut clashes = Vec::new();
    for (kind, named) in more {
        match (known.get_mut(&kind), named) {
            (Some(Value::Object(known)), Value::Object(more)) => clashes.extend(add(known, more)),
            (Some(_), _) => clashes.push(format!("components.{kind}: must be a map")),
            (None, named) => {
                known.insert(kind, named);
            }
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(fragment: Value) -> Result<Value, String> {
        let root = json!({"tags": [1], "paths": {"/a": 1}, "components": {"schemas": {"A": 1}}});
        merge("test", root, vec![("test/more.yaml", fragment)]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_fragment_adds_paths_tags_and_components() {
        let more = json!({"tags": [2], "paths": {"/b": 2},
            "components": {"schemas": {"B": 2}, "parameters": {"P": 3}}});
        assert_eq!(
            merged(more),
            Ok(json!({"tags": [1, 2], "paths": {"/a": 1, "/b": 2},
                "components": {"schemas": {"A": 1, "B": 2}, "parameters": {"P": 3}}}))
        );
    }

    #[test]
    fn what_is_there_twice_or_belongs_to_the_root_is_named_with_its_file() {
        for (fragment, message) in [
            (json!({"paths": {"/a": 2}}), "/a: is there already"),
            (
                json!({"components": {"schemas": {"A": 2}}}),
                "A: is there already",
            ),
            (
                json!({"openapi": "3.0.3"}),
                "openapi: a fragment holds paths, components and tags, and nothing else",
            ),
        ] {
            assert_eq!(
                merged(fragment),
                Err(format!("test.yaml: test/more.yaml: {message}"))
            );
        }
    }
}
