//! Every operation of the description, called with its example: through the typed client, and
//! through the operation table. The list is generated, so that none is forgotten.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]
#![allow(
    clippy::let_unit_value,
    reason = "the generated list takes an empty answer like any other"
)]

mod example;
mod server;
mod streams;

use example::{Example, examples};
use pangulm::{Client, Error};
use serde::Serialize;
use serde_json::{Map, Value};
use server::Server;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

type Answering = Pin<Box<dyn Future<Output = Result<Value, Error>>>>;
type Call = fn(Client, Rc<Example>) -> Answering;

include!(concat!(env!("OUT_DIR"), "/contract.rs"));

fn json(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

/// A client with every credential, so that each operation finds one; the first that fits is taken.
fn client(server: &Server) -> Client {
    Client::builder()
        .endpoint(&server.url)
        .v2_endpoint(&server.url)
        .iam_endpoint(&server.url)
        .project_id("unused")
        .deployment("unused")
        .api_key("key")
        .token("token")
        .max_retries(0)
        .build()
        .unwrap()
}

/// Calls an operation by its type and gives what the server saw and the client got.
async fn typed(server: &Server, example: &Rc<Example>, answer: &Value) -> Result<Value, Error> {
    let id = example.operation.id.as_str();
    let (_, call) = CALLS.iter().find(|(known, _)| *known == id).unwrap();
    server.answer(&example.status, body(answer));
    call(client(server), example.clone()).await
}

/// Nothing is sent where there is nothing to send.
fn body(answer: &Value) -> String {
    match answer {
        Value::Null => String::new(),
        answer => answer.to_string(),
    }
}

#[tokio::test]
async fn every_operation_is_sent_alike_by_type_and_by_id() {
    let server = Server::start();
    for example in examples() {
        let id = example.operation.id.clone();
        let answer = example.answer();
        let outcome = typed(&server, &example, &answer).await;
        outcome.unwrap_or_else(|error| panic!("{id} by type: {error}"));
        let by_type = server.seen();

        server.answer(&example.status, body(&answer));
        let parameters = example.parameters();
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let request = example.request();
        let outcome = client(&server)
            .request(&id, &parameters, request.as_ref())
            .await;
        outcome.unwrap_or_else(|error| panic!("{id} by id: {error}"));
        assert_eq!(by_type, server.seen(), "{id}");
        assert_eq!(by_type.method, example.operation.method, "{id}");
    }
}

#[tokio::test]
async fn every_typed_answer_keeps_all_that_its_example_holds() {
    let server = Server::start();
    for example in examples() {
        let answer = example.answer();
        let got = typed(&server, &example, &answer).await.unwrap();
        assert_eq!(
            comparable(got),
            comparable(answer),
            "{}",
            example.operation.id
        );
        server.seen();
    }
}

#[tokio::test]
async fn an_unknown_member_or_value_anywhere_in_an_answer_breaks_no_operation() {
    let server = Server::start();
    for example in examples() {
        for grown in [
            with_members(example.answer()),
            with_values(example.answer()),
        ] {
            let got = typed(&server, &example, &grown).await;
            let got = got.unwrap_or_else(|error| panic!("{}: {error}", example.operation.id));
            assert_eq!(
                comparable(got),
                comparable(grown),
                "{}",
                example.operation.id
            );
            server.seen();
        }
    }
}

/// The same answer with a new member in every object.
fn with_members(answer: Value) -> Value {
    match answer {
        Value::Object(members) => {
            let mut grown: Map<String, Value> = members
                .into_iter()
                .map(|(name, value)| (name, with_members(value)))
                .collect();
            // A map from names to values of one type takes no other.
            let of_one_type = !grown.is_empty() && grown.values().all(is_numbers);
            if !of_one_type {
                grown.insert(
                    "x_new_member".into(),
                    serde_json::json!({"of": ["a", 1, null]}),
                );
            }
            Value::Object(grown)
        }
        Value::Array(items) => items.into_iter().map(with_members).collect(),
        other => other,
    }
}

/// A number, a list of such, or a map to such.
fn is_numbers(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty() && members.values().all(is_numbers),
        Value::Array(items) => items.iter().all(is_numbers),
        value => value.is_number(),
    }
}

/// The same answer with another text in the place of every text.
fn with_values(answer: Value) -> Value {
    match answer {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, with_values(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(with_values).collect(),
        Value::String(_) => Value::String("x_new_value".into()),
        other => other,
    }
}

/// Absent and null are the same to a typed client, and so are 1 and 1.0.
fn comparable(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, comparable(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(comparable).collect(),
        Value::Number(number) => number.as_f64().into(),
        value => value,
    }
}
