//! Who comes in, and what the others are told.

use pangulm_emulator::Options;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::platform::{Platform, ask, now, outcome};

const BEGINNING: &str = "Incorrect IAM authentication information: ";

fn signed(platform: &Platform, secret: &str, time: u64) -> RequestBuilder {
    let body = ask("hi").to_string();
    let path = platform.chat_path();
    platform.signed((Method::POST, &path), &[], body.as_bytes(), secret, time)
}

fn good(platform: &Platform) -> RequestBuilder {
    signed(platform, &platform.info().secret_access_key, now())
}

async fn refusal(request: RequestBuilder) -> String {
    let (status, answer) = outcome(request).await;
    assert_eq!(
        (status, &answer["error_code"]),
        (401, &json!("APIGW.0301")),
        "{answer}"
    );
    let message = answer["error_msg"].as_str().unwrap();
    message
        .strip_prefix(BEGINNING)
        .unwrap_or_else(|| panic!("{message}"))
        .to_owned()
}

#[tokio::test]
async fn v1_takes_a_token_an_api_key_or_a_signature() {
    let platform = Platform::start();
    let token = platform.token().await;
    let post = || {
        platform
            .http
            .post(platform.url(&platform.chat_path()))
            .json(&ask("hi"))
    };
    let key = platform.info().api_key.clone();
    for (request, expected) in [
        (post().header("x-auth-token", token), 200),
        (post().header("x-apig-appcode", &key), 200),
        (good(&platform), 200),
        (post(), 401),
        (post().header("x-apig-appcode", "wrong"), 401),
        (post().bearer_auth(&key), 401),
    ] {
        assert_eq!(outcome(request).await.0, expected);
    }
}

#[tokio::test]
async fn v2_takes_the_api_key_as_bearer_and_nothing_else() {
    let platform = Platform::start();
    let token = platform.token().await;
    let body = json!({"model": platform.info().model, "messages": [{"content": "hi"}]});
    let post = || {
        platform
            .http
            .post(platform.url("/api/v2/chat/completions"))
            .json(&body)
    };
    let key = platform.info().api_key.clone();
    for (request, expected, code) in [
        (post().header("x-auth-token", token), 401, "PANGU.0012"),
        (post().header("x-apig-appcode", &key), 401, "PANGU.0012"),
        (post().bearer_auth("wrong"), 401, "PANGU.0011"),
        (post(), 401, "PANGU.0012"),
    ] {
        let (status, answer) = outcome(request).await;
        assert_eq!(
            (status, answer["error"]["code"].as_str()),
            (expected, Some(code))
        );
    }
    assert_eq!(outcome(post().bearer_auth(key)).await.0, 200);
}

#[tokio::test]
async fn a_wrong_secret_and_a_wrong_key_are_told_apart() {
    let platform = Platform::start();
    let text = refusal(signed(&platform, "a-wrong-secret", now())).await;
    let canonical = "verify aksk signature fail, canonicalRequest:POST|/v1/";
    assert!(text.starts_with(canonical), "{text}");
    let other_key = good(&platform).build().unwrap();
    let header = other_key.headers()["authorization"].to_str().unwrap();
    let header = header.replace(&platform.info().access_key_id, "ANOTHERKEY");
    let date = other_key.headers()["x-sdk-date"].clone();
    let post = platform
        .http
        .post(platform.url(&platform.chat_path()))
        .header("x-sdk-date", date);
    assert_eq!(
        refusal(post.header("authorization", header)).await,
        "Get secretKey failed"
    );
}

#[tokio::test]
async fn what_was_changed_after_signing_is_refused() {
    let platform = Platform::start();
    let text = refusal(good(&platform).body(ask("bye").to_string())).await;
    assert!(text.starts_with("verify aksk signature fail"), "{text}");
}

#[tokio::test]
async fn a_date_over_fifteen_minutes_off_is_refused_with_both_times() {
    let platform = Platform::start();
    let secret = platform.info().secret_access_key.clone();
    for seconds in [-960, 960] {
        let time = now().saturating_add_signed(seconds);
        let text = refusal(signed(&platform, &secret, time)).await;
        let signed_at = pangulm_signer::SigningDate::from_unix_seconds(time).unwrap();
        let expected = format!(
            "signature expired, signature time:{}, server time:2",
            signed_at.as_str()
        );
        assert!(text.starts_with(&expected), "{text}");
    }
    for seconds in [-840, 840] {
        let time = now().saturating_add_signed(seconds);
        assert_eq!(outcome(signed(&platform, &secret, time)).await.0, 200);
    }
}

#[tokio::test]
async fn the_skewed_server_clock_decides_and_shows_in_the_date_header() {
    let platform = Platform::start();
    let new_year_2100_at_noon = 4_102_488_000;
    let offset = new_year_2100_at_noon - now();
    platform
        .admin("clock", json!({"offsetSeconds": offset}))
        .await;
    let answer = good(&platform).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let date = answer.headers()["date"].to_str().unwrap();
    assert!(
        date.starts_with("Fri, 01 Jan 2100 12:0") && date.ends_with(" GMT"),
        "{date}"
    );
    let secret = &platform.info().secret_access_key;
    assert_eq!(
        outcome(signed(&platform, secret, now() + offset)).await.0,
        200
    );
}

#[tokio::test]
async fn five_failures_in_a_row_lock_the_key_for_five_minutes() {
    let platform = Platform::start();
    for round in 0..2 {
        for _ in 0..4 {
            refusal(signed(&platform, "wrong", now())).await;
        }
        // A success in between starts the count anew.
        assert_eq!(outcome(good(&platform)).await.0, 200, "{round}");
    }
    for _ in 0..5 {
        refusal(signed(&platform, "wrong", now())).await;
    }
    let text = refusal(good(&platform)).await;
    assert_eq!(text, "AK access failed to reach the limit,forbidden.");
    // Other credentials are not concerned.
    assert_eq!(outcome(platform.v1(ask("hi"))).await.0, 200);
    platform.admin("clock", json!({"offsetSeconds": 301})).await;
    let secret = &platform.info().secret_access_key;
    assert_eq!(outcome(signed(&platform, secret, now() + 301)).await.0, 200);
}

#[tokio::test]
async fn a_signed_body_over_twelve_megabytes_is_refused() {
    let platform = Platform::start();
    let secret = platform.info().secret_access_key.clone();
    let large = vec![b' '; 12 * 1024 * 1024 + 1];
    let path = platform.chat_path();
    let request = platform.signed((Method::POST, &path), &[], &large, &secret, now());
    // The refusal may come before the body is sent, and the connection then closes under it.
    if let Ok(answer) = request.send().await {
        assert_eq!(answer.status(), 413);
    }
    let same_by_key = platform.v1(json!({})).body(large);
    let (status, answer) = outcome(same_by_key).await;
    assert_eq!(
        (status, &answer["error_code"]),
        (400, &json!("PANGU.0010")),
        "{answer}"
    );
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_a_date() {
    let platform = Platform::with(Options::default());
    let mut seen = Vec::new();
    for request in [
        platform.v1(ask("hi")),
        platform.v1(json!({})),
        platform.v2(ask("hi")),
        platform.http.get(platform.url("/nowhere")),
        platform.http.get(platform.url(&platform.chat_path())),
        platform.http.get(platform.url("/v3/projects")),
    ] {
        let answer = request.send().await.unwrap();
        assert!(answer.headers().contains_key("date"));
        let id = answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(!seen.contains(&id));
        let body = answer.text().await.unwrap();
        if body.contains("request_id") {
            assert!(body.contains(&id), "{body}");
        }
        seen.push(id);
    }
}
