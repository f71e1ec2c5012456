//! What an operation is called with: the example of its description.

use std::rc::Rc;

use pangulm_openapi::{Document, Location, Operation, ResponseKind, documents};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An id that every path takes, with characters that have to be encoded.
const ID: &str = "0d5f7c1e-3b86-4a92-b1d7-6e2c9f08a453";
const AWKWARD: &str = "p 1/é+%7E";

pub(crate) struct Example {
    pub(crate) operation: Operation,
    /// The status of a success.
    pub(crate) status: String,
}

/// Everything but streams, which no generated client reads: see `streams.rs`.
pub(crate) fn examples() -> Vec<Rc<Example>> {
    let documents = documents().unwrap();
    let of = |document: &Document| {
        let operations = document.operations().unwrap().into_iter();
        let whole = operations.filter(|it| it.response != ResponseKind::EventStream);
        let examples = whole.map(|operation| {
            let status = status(document.raw(), &operation.id);
            Rc::new(Example { operation, status })
        });
        examples.collect::<Vec<_>>()
    };
    documents.iter().flat_map(of).collect()
}

fn status(raw: &Value, id: &str) -> String {
    let items = raw["paths"].as_object().unwrap().values();
    let mut operations = items.flat_map(|item| item.as_object().unwrap().values());
    let operation = operations.find(|it| it["operationId"] == id).unwrap();
    let mut statuses = operation["responses"].as_object().unwrap().keys();
    statuses
        .find(|status| status.starts_with('2'))
        .unwrap()
        .clone()
}

impl Example {
    /// The values of all parameters that must be given, as text.
    pub(crate) fn parameters(&self) -> Vec<(&str, String)> {
        let needed = self.operation.parameters.iter().filter(|it| it.required);
        needed
            .map(|it| (it.name.as_str(), self.text(&it.name)))
            .collect()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        let parameter = self.operation.parameters.iter().find(|it| it.name == name);
        let in_path = parameter.is_some_and(|it| it.location == Location::Path);
        match name {
            "project_id" => AWKWARD,
            "stream" => "false",
            _ if in_path => ID,
            _ => "7",
        }
        .to_owned()
    }

    pub(crate) fn integer(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap()
    }

    /// The body, by way of its type.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> T {
        let json = self.request().unwrap();
        serde_json::from_value(json)
            .unwrap_or_else(|error| panic!("{}: {error}", self.operation.id))
    }

    pub(crate) fn request(&self) -> Option<Value> {
        self.operation.request_example.clone()
    }

    /// The example of the answer; nothing if the operation answers with nothing.
    pub(crate) fn answer(&self) -> Value {
        self.operation.response_example.clone().unwrap_or_default()
    }
}
