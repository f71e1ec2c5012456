//! Chats that an OpenAI-compatible server answers.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use pangulm_emulator::{Emulator, Options, Upstream};
use pangulm_openapi::Part;
use serde_json::{Value, json};

use crate::platform::{Platform, ask, ask_stream, chunks, joined, json_of, outcome};
use crate::spec::assert_fits;

const WHOLE: &str = r#"{"id":"x","object":"chat.completion","created":1,"model":"theirs","choices":[
    {"index":0,"message":{"role":"assistant","content":"The Yangtze.","reasoning_content":"Hm."},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"details":{}}}"#;

const STREAM: &str = r#": hello

data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

data: {"choices":[{"index":0,"delta":{"reasoning":"Hm."}}]}

data: {"choices":[{"index":0,"delta":{"content":"The Yangtze"}}]}

data: {"choices":[{"index":0,"delta":{"content":"."},"finish_reason":null}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}

data: [DONE]

"#;

/// What an upstream was sent: the key and the body.
type Seen = Arc<Mutex<Vec<(String, Value)>>>;

#[derive(Clone)]
struct Script {
    seen: Seen,
    answer: (u16, &'static str, &'static str),
}

async fn serve(State(script): State<Script>, headers: HeaderMap, body: String) -> Response {
    let key = headers["authorization"].to_str().unwrap().to_owned();
    script
        .seen
        .lock()
        .unwrap()
        .push((key, serde_json::from_str(&body).unwrap()));
    let (status, kind, body) = script.answer;
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    (status, [("content-type", kind)], body).into_response()
}

/// An emulator in front of an upstream that always answers the same.
async fn platform(answer: (u16, &'static str, &'static str)) -> (Platform, Seen) {
    let seen = Seen::default();
    let script = Script {
        seen: seen.clone(),
        answer,
    };
    let router = Router::new()
        .route("/v1/chat/completions", post(serve))
        .with_state(script);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (Platform::with(options(&url)), seen)
}

fn options(url: &str) -> Options {
    let upstream = Upstream {
        url: url.to_owned(),
        model: "theirs".to_owned(),
        api_key: Some("their-key".to_owned()),
    };
    Options {
        upstream: Some(upstream),
        ..Options::default()
    }
}

#[tokio::test]
async fn whole_answers_are_dressed_as_the_platforms() {
    let (platform, seen) = platform((200, "application/json", WHOLE)).await;
    let image = json!([{"type": "image", "image": {"image_base64": "iVBORw0KGgo="}}]);
    let body = json!({"messages": [{"content": image}], "with_prompt": true, "temperature": 0.5});
    let v1 = platform.v1(body).send().await.unwrap();
    assert_eq!(v1.headers()["x-emulator-upstream"], "theirs");
    let v1 = json_of(v1).await;
    let v2 = json_of(platform.v2(ask("hi")).send().await.unwrap()).await;
    assert_fits("createChatCompletionV1", Part::Response, &v1);
    assert_fits("createChatCompletionV2", Part::Response, &v2);
    for answer in [v1, v2] {
        let message = &answer["choices"][0]["message"];
        assert_eq!(message["content"], "The Yangtze.");
        assert_eq!(message["reasoning_content"], "Hm.");
        assert_eq!(answer["model"], platform.info().model);
        let usage = json!({"prompt_tokens": 9, "total_tokens": 13, "completion_tokens": 4});
        assert_eq!(answer["usage"], usage);
    }
    let seen = seen.lock().unwrap();
    let (key, body) = &seen[0];
    assert_eq!(key, "Bearer their-key");
    assert_eq!(
        (&body["model"], &body["temperature"]),
        (&json!("theirs"), &json!(0.5))
    );
    assert_eq!(
        (&body["messages"][0]["role"], body.get("with_prompt")),
        (&json!("user"), None)
    );
    let part = &body["messages"][0]["content"][0];
    assert_eq!(
        part["image_url"]["url"],
        "data:image/png;base64,iVBORw0KGgo="
    );
}

#[tokio::test]
async fn streams_are_dressed_as_the_dialect_asked_for() {
    let (platform, seen) = platform((200, "text/event-stream", STREAM)).await;
    let v1 = chunks(platform.v1(ask_stream("hi")), "data:").await;
    let mut with_usage = ask_stream("hi");
    with_usage["stream_options"] = json!({"include_usage": true});
    let v2 = chunks(platform.v2(with_usage), "data: ").await;
    for (chunks, increment, operation) in [
        (&v1, "message", "createChatCompletionV1"),
        (&v2, "delta", "createChatCompletionV2"),
    ] {
        chunks
            .iter()
            .for_each(|chunk| assert_fits(operation, Part::Chunk, chunk));
        assert_eq!(
            chunks[0]["choices"][0][increment],
            json!({"role": "assistant"})
        );
        assert_eq!(joined(chunks, increment, "content"), "The Yangtze.");
        assert_eq!(joined(chunks, increment, "reasoning_content"), "Hm.");
        let calls = chunks
            .iter()
            .find_map(|c| c["choices"][0][increment].get("tool_calls"));
        assert_eq!(calls.unwrap()[0]["function"]["name"], "f");
        assert_eq!(chunks.last().unwrap()["usage"]["total_tokens"], 13);
    }
    assert!(
        v1.iter()
            .all(|chunk| chunk["usage"]["total_tokens"].is_u64())
    );
    assert_eq!(
        v1.last().unwrap()["choices"][0]["finish_reason"],
        "tool_calls"
    );
    let asked = seen.lock().unwrap()[0].1.clone();
    assert_eq!(asked["stream_options"], json!({"include_usage": true}));
}

#[tokio::test]
async fn a_failing_upstream_is_named_in_the_platforms_shape() {
    for answer in [
        (
            401,
            "application/json",
            r#"{"error":{"message":"bad key"}}"#,
        ),
        (200, "application/json", "not json"),
        (200, "application/json", "{}"),
    ] {
        let (platform, _) = platform(answer).await;
        let (status, v1) = outcome(platform.v1(ask("hi"))).await;
        assert_eq!((status, &v1["error_code"]), (502, &json!("PANGU.3342")));
        assert!(
            v1["error_msg"]
                .as_str()
                .unwrap()
                .contains("The upstream failed"),
            "{v1}"
        );
        let (_, v2) = outcome(platform.v2(ask("hi"))).await;
        assert_eq!(v2["error"]["code"], "PANGU.3342");
        assert!(!v1.to_string().contains("their-key"));
    }
    // Port 9 is not served on loopback.
    let nobody = Platform::with(options("http://127.0.0.1:9/v1"));
    let (status, answer) = outcome(nobody.v1(ask_stream("hi"))).await;
    assert_eq!(status, 502);
    assert!(
        answer["error_msg"]
            .as_str()
            .unwrap()
            .contains("The upstream failed"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_stream_that_breaks_off_upstream_ends_in_an_error_event() {
    for (body, why) in [
        (
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
            "broke off",
        ),
        (
            "data: {\"error\":{\"message\":\"overloaded\"}}\n\n",
            "overloaded",
        ),
        ("data: {\"choi\n\n", "not JSON"),
    ] {
        let (platform, _) = platform((200, "text/event-stream", body)).await;
        let text = platform
            .v1(ask_stream("hi"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let last = text
            .split_terminator("\n\n")
            .last()
            .unwrap()
            .strip_prefix("data:")
            .unwrap();
        let error: Value = serde_json::from_str(last).unwrap();
        assert_eq!(error["error_code"], "PANGU.3342");
        assert!(
            error["error_msg"].as_str().unwrap().contains(why),
            "{error}"
        );
    }
}

#[test]
fn an_address_that_is_no_url_is_an_error() {
    for url in ["no url", "ftp://127.0.0.1/"] {
        let error = Emulator::start(options(url)).unwrap_err().to_string();
        assert!(error.contains(url), "{error}");
    }
}

#[test]
fn the_key_is_not_shown() {
    assert!(!format!("{:?}", options("http://127.0.0.1:9")).contains("their-key"));
}
