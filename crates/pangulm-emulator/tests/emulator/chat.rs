//! Whole answers.

use serde_json::json;

use crate::platform::{Platform, ask, json_of, outcome};

#[tokio::test]
async fn the_answer_quotes_the_last_question_and_says_that_it_is_emulated() {
    let platform = Platform::start();
    let parts = json!([
        {"type": "text", "text": "图中有什么?"},
        {"type": "image", "image": {"image_base64": "iVBORw0KGgo="}},
    ]);
    for (question, content, mark) in [
        (
            "What is the Yangtze?",
            json!("What is the Yangtze?"),
            "This answer is emulated",
        ),
        ("介绍一下长江", json!("介绍一下长江"), "这是模拟的回答"),
        ("图中有什么?", parts, "这是模拟的回答"),
    ] {
        let body = json!({"messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "An earlier question"},
            {"role": "assistant", "content": "An earlier answer"},
            {"content": content},
        ]});
        for request in [platform.v1(body.clone()), platform.v2(body)] {
            let answer = json_of(request.send().await.unwrap()).await;
            let text = answer["choices"][0]["message"]["content"].as_str().unwrap();
            assert!(text.contains(question) && text.contains(mark), "{text}");
            assert!(!text.contains("earlier"), "{text}");
            assert_eq!(answer["choices"][0]["finish_reason"], "stop");
        }
    }
}

#[tokio::test]
async fn what_the_emulator_made_up_says_so_in_body_and_header() {
    let platform = Platform::start();
    let good = platform.v1(ask("hi"));
    let bad = platform.v1(json!({}));
    for request in [good, bad] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["x-emulated"], "true");
        assert_eq!(json_of(answer).await["x_emulated"], true);
    }
}

#[tokio::test]
async fn usage_counts_with_the_same_tokeniser_as_token_counting() {
    let platform = Platform::start();
    let question = "你好, big world!";
    let answer = json_of(platform.v1(ask(question)).send().await.unwrap()).await;
    let text = answer["choices"][0]["message"]["content"].as_str().unwrap();
    let count = |text: &str| outcome(platform.count(json!({"data": [text], "with_prompt": true})));
    let (_, prompt) = count(question).await;
    let (_, completion) = count(text).await;
    assert_eq!(
        prompt["tokens"],
        json!(["你", "好", ",", "big", "world", "!"])
    );
    assert_eq!(answer["usage"]["prompt_tokens"], prompt["token_number"]);
    assert_eq!(
        answer["usage"]["completion_tokens"],
        completion["token_number"]
    );
    let total =
        prompt["token_number"].as_u64().unwrap() + completion["token_number"].as_u64().unwrap();
    assert_eq!(answer["usage"]["total_tokens"], total);

    // Without with_prompt's "input only", the text that would be generated counts too.
    let (_, both) =
        outcome(platform.count(json!({"data": [question], "with_prompt": false}))).await;
    assert_eq!(both["token_number"], total);
}

#[tokio::test]
async fn two_answers_come_when_two_are_asked_for() {
    let platform = Platform::start();
    let mut body = ask("hi");
    body["n"] = json!(2);
    let answer = json_of(platform.v1(body).send().await.unwrap()).await;
    let indices: Vec<_> = answer["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| &choice["index"])
        .collect();
    assert_eq!(indices, [0, 1]);
}

#[tokio::test]
async fn max_tokens_cuts_the_answer_with_finish_reason_length() {
    let platform = Platform::start();
    for thinking in [false, true] {
        for most in [1, 5, 22] {
            let mut body = ask("hi");
            body["max_tokens"] = json!(most);
            body["enable_thinking"] = json!(thinking);
            let answer = json_of(platform.v1(body).send().await.unwrap()).await;
            assert_eq!(answer["usage"]["completion_tokens"], most);
            assert_eq!(answer["choices"][0]["finish_reason"], "length");
        }
    }
}

#[tokio::test]
async fn a_thinking_model_reasons_first() {
    let platform = Platform::start();
    let mut asked = ask("hi");
    asked["thinking"] = json!({"type": "enabled"});
    let mut by_model = ask("hi");
    by_model["model"] = json!(format!("{}-think", platform.info().model));
    let by_deployment = platform.url(&platform.chat_path().replace("/chat/", "-think/chat/"));
    let by_deployment = platform.http.post(by_deployment).json(&ask("hi"));
    let by_deployment = by_deployment.header("x-apig-appcode", &platform.info().api_key);
    for request in [platform.v1(asked), platform.v2(by_model), by_deployment] {
        let message = json_of(request.send().await.unwrap()).await["choices"][0]["message"].clone();
        assert!(
            message["reasoning_content"]
                .as_str()
                .unwrap()
                .contains("emulator")
        );
        assert!(message["content"].as_str().unwrap().starts_with("\n\n"));
    }
    let plain = json_of(platform.v1(ask("hi")).send().await.unwrap()).await;
    assert_eq!(
        plain["choices"][0]["message"].get("reasoning_content"),
        None
    );
}
