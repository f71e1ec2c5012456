//! Every operation that streams, read by its own method from the example of its events.

use futures_util::{Stream, TryStreamExt};
use pangulm::agents::{AgentRequest, WorkflowRequest};
use pangulm::chat::{ChatRequest, Message};
use pangulm::text::TextRequest;
use pangulm::{Client, Error};
use pangulm_openapi::{Operation, ResponseKind, documents};
use serde::Serialize;
use serde_json::Value;

use crate::server::Server;
use crate::{client, comparable, json, with_members, with_values};

const CONVERSATION: &str = "0d5f7c1e-3b86-4a92-b1d7-6e2c9f08a453";

fn streams() -> Vec<Operation> {
    let documents = documents().unwrap();
    let all = documents.iter().flat_map(|it| it.operations().unwrap());
    all.filter(|it| it.response == ResponseKind::EventStream)
        .collect()
}

/// The events that the operation's method gives, as JSON.
async fn events(client: &Client, id: &str) -> Result<Vec<Value>, Error> {
    let chat = || ChatRequest::new([Message::user("?")]);
    let text = || TextRequest::new("?");
    let agent = || AgentRequest::new("a", "?").conversation_id(CONVERSATION);
    let workflow = || WorkflowRequest::new("w").conversation_id(CONVERSATION);
    match id {
        "createChatCompletionV1Stream" => chunks(client, chat().deployment("d")).await,
        "createPoolChatCompletionStream" => chunks(client, chat().deployment("d").pool("p")).await,
        "createChatCompletionV2Stream" => chunks(client, chat().model("m")).await,
        "createTextCompletionStream" => all(client.text().stream(text()).await?).await,
        "createPoolTextCompletionStream" => {
            all(client.text().stream(text().pool("p")).await?).await
        }
        "runAgent" => all(client.agents().run(agent()).await?).await,
        "runAgentLegacy" => all(client.agents().run(agent().older_path()).await?).await,
        "runWorkflowStream" => all(client.workflows().stream(workflow()).await?).await,
        "runWorkflowLegacyStream" => {
            all(client.workflows().stream(workflow().older_path()).await?).await
        }
        other => panic!("no method is known that streams {other}"),
    }
}

async fn all<E: Serialize>(
    stream: impl Stream<Item = Result<E, Error>>,
) -> Result<Vec<Value>, Error> {
    stream.map_ok(json).try_collect().await
}

/// A chunk is written by hand: what it does not know is in its JSON.
async fn chunks(client: &Client, request: ChatRequest) -> Result<Vec<Value>, Error> {
    let stream = client.chat().stream(request).await?;
    let read = stream.map_ok(|chunk| serde_json::from_str(chunk.json()).unwrap());
    read.try_collect().await
}

/// The events of a stream, each changed.
fn changed(stream: &str, change: fn(Value) -> Value) -> (String, Vec<Value>) {
    let mut events = Vec::new();
    let mut text = String::new();
    for line in stream.lines().filter_map(|it| it.strip_prefix("data:")) {
        let line = match serde_json::from_str(line) {
            Ok(event) => {
                let event = change(event);
                let line = event.to_string();
                events.push(event);
                line
            }
            Err(_) => line.to_owned(),
        };
        text += &format!("data:{line}\n\n");
    }
    (text, events)
}

/// An event of V1 as the client gives it: what V2 calls `delta` is `message` there.
fn as_given(mut event: Value) -> Value {
    let choices = event.get_mut("choices").and_then(Value::as_array_mut);
    for choice in choices.into_iter().flatten() {
        if let Some(message) = choice.as_object_mut().and_then(|it| it.remove("message")) {
            choice["delta"] = message;
        }
    }
    comparable(event)
}

#[tokio::test]
async fn an_unknown_member_or_value_anywhere_in_an_event_breaks_no_stream() {
    let server = Server::start();
    for operation in streams() {
        let id = operation.id.as_str();
        let example = operation.response_example.unwrap();
        let changes: [fn(Value) -> Value; 3] = [|event| event, with_members, with_values];
        for change in changes {
            let (text, expected) = changed(example.as_str().unwrap(), change);
            assert!(!expected.is_empty(), "{id}");
            server.answer("200", text);
            let given = events(&client(&server), id).await;
            let given = given.unwrap_or_else(|error| panic!("{id}: {error}"));
            let expected: Vec<Value> = expected.into_iter().map(as_given).collect();
            let given: Vec<Value> = given.into_iter().map(comparable).collect();
            assert_eq!(given, expected, "{id}");
            let path = server.seen().target;
            assert!(
                path.ends_with("completions") || path.ends_with(CONVERSATION),
                "{path}"
            );
        }
    }
}
