//! IAM.

use std::time::Duration;

use pangulm_emulator::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::platform::{Platform, ask, json_of, now, outcome};

fn project() -> Value {
    json!({"project": {"name": "cn-southwest-2"}})
}

#[tokio::test]
async fn a_password_buys_a_token_for_the_project() {
    let platform = Platform::start();
    let info = platform.info();
    let by_id = json!({"project": {"id": info.project_id}});
    for scope in [project(), by_id] {
        let answer = platform
            .login(&info.iam.password, scope)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        assert!(
            answer.headers()["x-subject-token"]
                .to_str()
                .unwrap()
                .starts_with("MII")
        );
        let token = json_of(answer).await["token"].clone();
        assert_eq!(token["project"]["id"], info.project_id);
        assert_eq!(token["user"]["name"], info.iam.user);
        assert!(token["catalog"].is_array());
        assert_eq!(
            token["expires_at"].as_str().unwrap().len(),
            "2023-06-29T02:16:41.581000Z".len()
        );
    }
}

#[tokio::test]
async fn nocatalog_leaves_the_catalogue_out() {
    let platform = Platform::start();
    let login = platform.login(&platform.info().iam.password, project());
    let answer = json_of(login.query(&[("nocatalog", "true")]).send().await.unwrap()).await;
    assert_eq!(answer["token"].get("catalog"), None);
}

#[tokio::test]
async fn a_wrong_password_or_project_is_401_in_keystones_shape() {
    let platform = Platform::start();
    let right = &platform.info().iam.password;
    for (password, scope) in [
        ("guess-7391", project()),
        (right.as_str(), json!({"project": {"name": "cn-north-4"}})),
    ] {
        let (status, answer) = outcome(platform.login(password, scope)).await;
        assert_eq!(status, 401);
        assert_eq!(answer["error"]["code"], 401);
        assert_eq!(answer["error"]["title"], "Unauthorized");
        assert!(answer["error"]["message"].is_string());
        assert!(!answer.to_string().contains(password));
    }
}

#[tokio::test]
async fn a_token_expires_with_the_documented_text() {
    let options = Options {
        token_lifetime: Duration::from_secs(60),
        ..Options::default()
    };
    let platform = Platform::with(options);
    let token = platform.token().await;
    let chat = || {
        let post = platform
            .http
            .post(platform.url(&platform.chat_path()))
            .json(&ask("hi"));
        outcome(post.header("x-auth-token", &token))
    };
    platform.admin("clock", json!({"offsetSeconds": 50})).await;
    assert_eq!(chat().await.0, 200);
    platform.admin("clock", json!({"offsetSeconds": 70})).await;
    let (status, answer) = chat().await;
    assert_eq!((status, &answer["error_code"]), (401, &json!("APIG.0301")));
    let message = answer["error_msg"].as_str().unwrap();
    let text = "Incorrect IAM authentication information: token expires, expires_at:20";
    assert!(
        message.starts_with(text) && message.ends_with('Z'),
        "{message}"
    );
}

#[tokio::test]
async fn revoked_and_unknown_tokens_are_refused() {
    let platform = Platform::start();
    let token = platform.token().await;
    platform.admin("revoke-tokens", Value::Null).await;
    for (token, text) in [
        (token.as_str(), "The token must be updated"),
        ("MIIforeign", "decrypt token fail"),
    ] {
        let post = platform
            .http
            .post(platform.url(&platform.chat_path()))
            .json(&ask("hi"));
        let (status, answer) = outcome(post.header("x-auth-token", token)).await;
        assert_eq!(status, 401);
        assert!(
            answer["error_msg"].as_str().unwrap().ends_with(text),
            "{answer}"
        );
    }
    let fresh = platform.token().await;
    let post = platform
        .http
        .post(platform.url(&platform.chat_path()))
        .json(&ask("hi"));
    assert_eq!(outcome(post.header("x-auth-token", fresh)).await.0, 200);
}

#[tokio::test]
async fn a_token_can_be_validated() {
    let platform = Platform::start();
    let token = platform.token().await;
    let check = |subject: &str| {
        let get = platform
            .http
            .get(platform.url("/v3/auth/tokens"))
            .header("x-auth-token", &token);
        outcome(get.header("x-subject-token", subject))
    };
    let (status, answer) = check(&token).await;
    assert_eq!(
        (status, &answer["token"]["user"]["name"]),
        (200, &json!("emulator-user"))
    );
    assert_eq!(check("MIIforeign").await.0, 404);
}

#[tokio::test]
async fn projects_are_listed_by_token_or_signature_and_filtered_by_name() {
    let platform = Platform::start();
    let token = platform.token().await;
    let by_token = |name: &str| {
        let get = platform
            .http
            .get(platform.url("/v3/projects"))
            .header("x-auth-token", &token);
        outcome(get.query(&[("name", name)]))
    };
    let (_, answer) = by_token("cn-southwest-2").await;
    assert_eq!(answer["projects"][0]["id"], platform.info().project_id);
    assert_eq!(by_token("cn-north-4").await.1["projects"], json!([]));

    let target = (Method::GET, "/v3/projects");
    let secret = &platform.info().secret_access_key;
    let query = [("name", "cn-southwest-2")];
    let (status, answer) = outcome(platform.signed(target, &query, b"", secret, now())).await;
    assert_eq!(
        (status, answer["projects"].as_array().unwrap().len()),
        (200, 1)
    );

    let none = platform.http.get(platform.url("/v3/projects"));
    assert_eq!(outcome(none).await.0, 401);
}
