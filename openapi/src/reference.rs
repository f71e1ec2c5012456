//! Following `$ref`.

use serde_json::Value;

/// Longest chain of references that is followed, so that a circle ends.
const DEPTH: usize = 16;

/// Follows `$ref` from `node` until a node that is none. `None` if a target is missing or the chain is a circle.
pub(crate) fn resolve<'a>(root: &'a Value, node: &'a Value) -> Option<&'a Value> {
    let mut node = node;
    for _ in 0..DEPTH {
        match node.get("$ref").and_then(Value::as_str) {
            None => return Some(node),
            Some(target) => node = root.pointer(target.strip_prefix('#')?)?,
        }
    }
    None
}
