//! The emulator's own calls.

use std::time::Duration;

use pangulm_emulator::Options;
use serde_json::{Value, json};

use crate::platform::{Platform, ask, ask_stream, json_of, outcome};

#[tokio::test]
async fn info_is_what_the_library_says() {
    let platform = Platform::start();
    let answer = platform
        .http
        .get(platform.url("/_emulator/info"))
        .send()
        .await
        .unwrap();
    let mut info = json_of(answer).await;
    let deployments = info.as_object_mut().unwrap().remove("deployments");
    assert!(deployments.unwrap().is_object());
    assert_eq!(info, serde_json::to_value(platform.info()).unwrap());
}

#[tokio::test]
async fn requests_are_recorded_without_secrets() {
    let platform = Platform::start();
    let token = platform.token().await;
    let chat = platform.v1(ask("hi")).query(&[("a", "b")]);
    let chat = chat
        .header("x-auth-token", &token)
        .header("x-sdk-date", "20260101T000000Z");
    let chat = chat.header("x-emulator-fault", "key=mine");
    let answer = chat.bearer_auth("a-secret").send().await.unwrap();
    let id = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let records = platform.recorded("mine").await;
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!(record["operationId"], "createChatCompletionV1");
    assert_eq!(
        (&record["method"], &record["status"]),
        (&json!("POST"), &json!(200))
    );
    assert_eq!(record["path"], platform.chat_path());
    assert_eq!(
        (&record["query"], &record["key"]),
        (&json!("a=b"), &json!("mine"))
    );
    assert_eq!(
        (&record["requestId"], &record["closedEarly"]),
        (&json!(id), &json!(false))
    );
    let headers = &record["headers"];
    assert_eq!(headers["x-sdk-date"], "20260101T000000Z");
    assert_eq!(headers["authorization"], "Bearer ***");
    assert_eq!(
        (&headers["x-auth-token"], &headers["x-apig-appcode"]),
        (&json!("***"), &json!("***"))
    );
    for secret in [token.as_str(), "a-secret", &platform.info().api_key] {
        assert!(!record.to_string().contains(secret));
    }
}

#[tokio::test]
async fn only_the_last_thousand_requests_are_kept() {
    let platform = Platform::start();
    for number in 0..1_005 {
        platform
            .http
            .get(platform.url(&format!("/{number}")))
            .send()
            .await
            .unwrap();
    }
    let answer = platform
        .http
        .get(platform.url("/_emulator/requests"))
        .send()
        .await
        .unwrap();
    let records = json_of(answer).await["requests"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(records.len(), 1_000);
    assert_eq!(records[0]["path"], "/5");
}

/// Waits for what the server notices in its own time.
async fn closed_early(platform: &Platform, key: &str) {
    let seen = async {
        while platform.recorded(key).await[0]["closedEarly"] != true {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), seen)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_stream_whose_client_goes_away_is_recorded_as_closed_early() {
    let options = Options {
        pace: Duration::from_millis(200),
        ..Options::default()
    };
    let platform = Platform::with(options);
    let chat = platform
        .v1(ask_stream("hi"))
        .header("x-emulator-fault", "key=left");
    let mut answer = chat.send().await.unwrap();
    answer.chunk().await.unwrap();
    drop(answer);
    closed_early(&platform, "left").await;
}

#[tokio::test]
async fn a_client_that_does_not_wait_for_the_answer_is_recorded_as_closed_early() {
    let platform = Platform::start();
    let chat = platform
        .v1(ask("hi"))
        .header("x-emulator-fault", "delay=60000; key=left");
    let waiting = tokio::spawn(chat.send());
    while platform.recorded("left").await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waiting.abort();
    closed_early(&platform, "left").await;
    assert_eq!(platform.recorded("left").await[0]["status"], Value::Null);
}

#[tokio::test]
async fn a_stream_read_to_its_end_is_not_closed_early() {
    let platform = Platform::start();
    let chat = platform
        .v1(ask_stream("hi"))
        .header("x-emulator-fault", "key=stayed");
    chat.send().await.unwrap().text().await.unwrap();
    assert_eq!(platform.recorded("stayed").await[0]["closedEarly"], false);
}

#[tokio::test]
async fn reset_forgets_clock_tokens_and_records() {
    let platform = Platform::start();
    let token = platform.token().await;
    platform.admin("clock", json!({"offsetSeconds": 5})).await;
    platform.admin("reset", Value::Null).await;
    let answer = platform
        .http
        .get(platform.url("/_emulator/requests"))
        .send()
        .await
        .unwrap();
    assert_eq!(json_of(answer).await["requests"], json!([]));
    let post = platform
        .http
        .post(platform.url(&platform.chat_path()))
        .json(&ask("hi"));
    assert_eq!(outcome(post.header("x-auth-token", token)).await.0, 401);
}

#[tokio::test]
async fn keys_are_tallied_and_only_begun_answers_are_generations() {
    let platform = Platform::start();
    let faults = [
        "key=once",
        "key=twice; status=503; times=1",
        "key=twice; status=503; times=1",
        "key=cut; truncate-after=2",
    ];
    for fault in faults {
        let chat = platform.v1(ask_stream("hi"));
        chat.header("x-emulator-fault", fault).send().await.unwrap();
    }
    let keys = json!({"keys": ["once", "twice", "cut", "never"]});
    let answer = platform.admin("tallies", keys).await;
    let expected = json!({
        "once": {"requests": 1, "refused": 0, "generations": 1},
        "twice": {"requests": 2, "refused": 1, "generations": 1},
        "cut": {"requests": 1, "refused": 0, "generations": 1},
    });
    assert_eq!(answer["tallies"], expected);
}

#[tokio::test]
async fn the_built_in_answer_is_told_beforehand() {
    let platform = Platform::start();
    let question = "长江 & Yangtze?";
    let get = platform.http.get(platform.url("/_emulator/answer"));
    let (_, told) = outcome(get.query(&[("question", question)])).await;
    let (_, answer) = outcome(platform.v1(ask(question))).await;
    assert_eq!(told["content"], answer["choices"][0]["message"]["content"]);
    assert_eq!(told["questionTokens"], answer["usage"]["prompt_tokens"]);
}

#[tokio::test]
async fn wrong_admin_calls_are_told_what_there_is() {
    let platform = Platform::start();
    let (status, answer) = outcome(platform.http.get(platform.url("/_emulator/nothing"))).await;
    assert_eq!(status, 404);
    assert!(
        answer["error_msg"]
            .as_str()
            .unwrap()
            .contains("GET requests?key=NAME")
    );
    for (name, body) in [
        ("clock", json!({})),
        ("clock", json!({"offsetSeconds": "5"})),
        ("clock", json!({"offsetSeconds": 1e18})),
        ("qps", json!({"limit": -1})),
        ("fault", json!({})),
        ("fault", json!({"fault": "explode"})),
    ] {
        let url = platform.url(&format!("/_emulator/{name}"));
        let (status, answer) = outcome(platform.http.post(url).json(&body)).await;
        assert_eq!(status, 400, "{name} {body}: {answer}");
    }
}
