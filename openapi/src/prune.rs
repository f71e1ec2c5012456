//! Leaving out what no operation leads to.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// Drops components that no operation leads to any more: what only events and refusals used would become types that no
/// call takes or gives. A schema with `x-client: true` is used by hand-written code and stays.
pub(crate) fn prune(root: &mut Value) {
    let components = root
        .get("components")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let kinds = components
        .iter()
        .filter_map(|(kind, it)| Some((kind, it.as_object()?)));
    let all = kinds.flat_map(|(kind, map)| {
        map.iter()
            .map(move |(name, it)| (format!("#/components/{kind}/{name}"), it))
    });
    let all: HashMap<String, &Value> = all.collect();
    let mut queue = references(root.get("paths").unwrap_or(&Value::Null));
    let kept = |it: &Value| it.get("x-client") == Some(&Value::Bool(true));
    queue.extend(
        all.iter()
            .filter(|(_, it)| kept(it))
            .map(|(target, _)| target.clone()),
    );
    let mut needed = HashSet::new();
    while let Some(target) = queue.pop() {
        if let Some(component) = all.get(&target).filter(|_| needed.insert(target)) {
            queue.extend(references(component));
        }
    }
    for (kind, map) in root
        .get_mut("components")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        if let Some(map) = map.as_object_mut().filter(|_| kind != "securitySchemes") {
            map.retain(|name, _| needed.contains(&format!("#/components/{kind}/{name}")));
        }
    }
}

/// The targets of all references within a node.
fn references(node: &Value) -> Vec<String> {
    match node {
        Value::Array(list) => list.iter().flat_map(references).collect(),
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
            Some(target) => vec![target.to_owned()],
            None => map.values().flat_map(references).collect(),
        },
        _ => Vec::new(),
    }
}
