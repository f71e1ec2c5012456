//! Bad requests and their documented codes.

use serde_json::{Value, json};

use crate::platform::{Platform, ask, outcome};

fn asking(name: &str, value: Value) -> Value {
    let mut body = ask("hi");
    body[name] = value;
    body
}

#[tokio::test]
async fn a_violation_gets_its_documented_code_and_names_the_member() {
    let platform = Platform::start();
    let mut stream_of_two = asking("n", json!(2));
    stream_of_two["stream"] = json!(true);
    for (body, code, member) in [
        (json!({}), "PANGU.3278", "/messages"),
        (json!({"messages": []}), "PANGU.0010", "/messages"),
        (
            asking("messages", json!([{"content": 7}])),
            "PANGU.0010",
            "/messages/0/content",
        ),
        (asking("top_p", json!(2)), "PANGU.0010", "/top_p"),
        (asking("stream", json!("yes")), "PANGU.0010", "/stream"),
        (
            asking("tools", json!([{"type": "function"}])),
            "PANGU.3278",
            "/tools/0/function",
        ),
        (asking("max_tokens", json!(0)), "PANGU.3317", "/max_tokens"),
        (
            asking("max_tokens", json!(1_000_000)),
            "PANGU.3317",
            "/max_tokens",
        ),
        (asking("n", json!(3)), "PANGU.3320", "/n"),
        (stream_of_two, "PANGU.3321", "/n"),
        (ask(&"长".repeat(49_153)), "PANGU.3318", "/messages"),
    ] {
        let (status, v1) = outcome(platform.v1(body)).await;
        assert_eq!(
            (status, v1["error_code"].as_str()),
            (400, Some(code)),
            "{v1}"
        );
        assert!(v1["error_msg"].as_str().unwrap().contains(member), "{v1}");
        assert!(v1["error_msg"].as_str().unwrap().len() < 1_000, "{v1}");
        assert!(v1["request_id"].is_string());
    }
}

#[tokio::test]
async fn v2_refuses_in_the_openai_shape() {
    let platform = Platform::start();
    for (body, code, member) in [
        (json!({}), "PANGU.3278", "/messages"),
        (asking("n", json!(3)), "PANGU.3320", "/n"),
        (asking("max_tokens", json!(-1)), "PANGU.3317", "/max_tokens"),
    ] {
        let (status, answer) = outcome(platform.v2(body)).await;
        assert_eq!(status, 400);
        let error = &answer["error"];
        assert_eq!(
            (error["code"].as_str(), &error["type"]),
            (Some(code), &json!("BadRequestError"))
        );
        assert!(
            error["message"].as_str().unwrap().contains(member),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_3254_in_either_shape() {
    let platform = Platform::start();
    let (status, answer) = outcome(platform.v2(asking("model", json!("gpt-9")))).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (404, &json!("PANGU.3254"))
    );
    for path in [
        platform
            .chat_path()
            .replace(&platform.info().deployment_id, "nowhere"),
        platform
            .chat_path()
            .replace(&platform.info().project_id, "nobody"),
    ] {
        let post = platform.http.post(platform.url(&path)).json(&ask("hi"));
        let post = post.header("x-apig-appcode", &platform.info().api_key);
        let (status, answer) = outcome(post).await;
        assert_eq!((status, &answer["error_code"]), (404, &json!("PANGU.3254")));
    }
}

#[tokio::test]
async fn unknown_members_are_accepted() {
    let platform = Platform::start();
    let body = asking("a_member_of_tomorrow", json!({"deep": [1]}));
    assert_eq!(outcome(platform.v1(body.clone())).await.0, 200);
    assert_eq!(outcome(platform.v2(body)).await.0, 200);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_bad_parameter() {
    let platform = Platform::start();
    let post = platform.v1(json!({})).body("{\"messages\": [");
    let (status, answer) = outcome(post).await;
    assert_eq!((status, &answer["error_code"]), (400, &json!("PANGU.0010")));
}

#[tokio::test]
async fn an_even_number_of_texts_to_count_is_refused() {
    let platform = Platform::start();
    for (data, expected) in [
        (json!(["q"]), 200),
        (json!(["q", "a"]), 400),
        (json!(["q", "a", "q"]), 200),
        (json!([]), 400),
    ] {
        assert_eq!(
            outcome(platform.count(json!({"data": data}))).await.0,
            expected,
            "{data}"
        );
    }
}
