//! Where operations stand in a document.

use serde_json::Value;

const METHODS: [(&str, &str); 6] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
];

/// Media types that an answer may have.
pub(crate) const JSON: &str = "application/json";
pub(crate) const EVENTS: &str = "text/event-stream";

/// One operation of a document, still as it is written.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// The path template without a fragment.
    pub(crate) path: &'a str,
    /// Upper case.
    pub(crate) method: &'static str,
    /// The operation's node.
    pub(crate) node: &'a Value,
    /// What all operations of this path share.
    pub(crate) item: &'a Value,
}

impl Site<'_> {
    /// The operation's id, or method and path where it has none.
    pub(crate) fn name(&self) -> String {
        match self.node.get("operationId").and_then(Value::as_str) {
            Some(id) => id.into(),
            None => format!("{} {}", self.method, self.path),
        }
    }
}

/// All operations of a document in its order.
pub(crate) fn sites(root: &Value) -> impl Iterator<Item = Site<'_>> {
    let paths = root
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    paths.flat_map(|(key, item)| {
        let path = key.split_once('#').map_or(key.as_str(), |(path, _)| path);
        METHODS.into_iter().filter_map(move |(key, method)| {
            Some(Site {
                path,
                method,
                node: item.get(key)?,
                item,
            })
        })
    })
}

/// The successful responses of an operation.
pub(crate) fn successes(operation: &Value) -> impl Iterator<Item = &Value> {
    let responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    responses
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(_, response)| response)
}
