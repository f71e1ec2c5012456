//! Visiting schemas. A property may be called `nullable` or `example`, so keywords are told from names here, once.

use serde_json::Value;

const MAPS: [&str; 1] = ["properties"];
const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const SINGLES: [&str; 3] = ["additionalProperties", "items", "not"];

/// Calls `visit` for each schema directly inside `schema`.
pub(crate) fn each_child(schema: &mut Value, mut visit: impl FnMut(&mut Value)) {
    for key in MAPS {
        if let Some(map) = schema.get_mut(key).and_then(Value::as_object_mut) {
            map.values_mut().for_each(&mut visit);
        }
    }
    for key in LISTS {
        if let Some(list) = schema.get_mut(key).and_then(Value::as_array_mut) {
            list.iter_mut().for_each(&mut visit);
        }
    }
    for key in SINGLES {
        if let Some(child) = schema.get_mut(key).filter(|child| child.is_object()) {
            visit(child);
        }
    }
}
