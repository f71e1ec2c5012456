//! IAM.

use std::time::Duration;

use pangulm_emulator::Options;
use pangulm_openapi::Part;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::platform::{Platform, ask, json_of, now, outcome};
use crate::spec::assert_fits;

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

fn passcode_login(platform: &Platform, user_id: &str, passcode: &str) -> RequestBuilder {
    let iam = &platform.info().iam;
    let body = json!({"auth": {"identity": {
        "methods": ["password", "totp"],
        "password": {"user": {
            "name": iam.user, "password": iam.password, "domain": {"name": iam.domain}}},
        "totp": {"user": {"id": user_id, "passcode": passcode}},
    }, "scope": project()}});
    platform
        .http
        .post(platform.url("/v3/auth/tokens"))
        .json(&body)
}

#[tokio::test]
async fn a_passcode_is_the_second_factor_of_a_login() {
    let platform = Platform::start();
    let iam = &platform.info().iam;
    let (status, answer) = outcome(passcode_login(&platform, &iam.user_id, &iam.passcode)).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["token"]["methods"], json!(["password", "totp"]));
    for (user_id, passcode) in [
        (iam.user_id.as_str(), "000000"),
        ("another-user", iam.passcode.as_str()),
    ] {
        let (status, answer) = outcome(passcode_login(&platform, user_id, passcode)).await;
        assert_eq!((status, &answer["error"]["code"]), (401, &json!(401)));
        assert!(!answer.to_string().contains(passcode), "{answer}");
    }
}

fn agency(platform: &Platform, name: &str) -> Value {
    json!({"agency_name": name, "domain_name": platform.info().iam.domain})
}

#[tokio::test]
async fn an_agency_gives_a_token_to_a_token_or_a_signature_and_to_nobody_else() {
    let platform = Platform::start();
    let body = |name: &str| {
        json!({"auth": {"identity": {
            "methods": ["assume_role"], "assume_role": agency(&platform, name),
        }, "scope": project()}})
    };
    let good = body("emulator-agency");
    let post = || platform.http.post(platform.url("/v3/auth/tokens"));
    let target = (Method::POST, "/v3/auth/tokens");
    let secret = &platform.info().secret_access_key;
    let signed = platform.signed(target, &[], good.to_string().as_bytes(), secret, now());
    let token = platform.token().await;
    for (request, expected) in [
        (post().header("x-auth-token", &token).json(&good), 201),
        (signed, 201),
        (post().json(&good), 401),
        (
            post().header("x-auth-token", &token).json(&body("no-such")),
            404,
        ),
    ] {
        assert_eq!(outcome(request).await.0, expected);
    }
}

async fn temporary_key(platform: &Platform, identity: Value) -> Value {
    let body = json!({"auth": {"identity": identity}}).to_string();
    let target = (Method::POST, SECURITY_TOKENS);
    let secret = &platform.info().secret_access_key;
    let request = platform.signed(target, &[], body.as_bytes(), secret, now());
    let (status, answer) = outcome(request).await;
    assert_eq!(status, 201, "{answer}");
    answer["credential"].clone()
}

const SECURITY_TOKENS: &str = "/v3.0/OS-CREDENTIAL/securitytokens";

/// A chat signed by a temporary pair at this time, with this security token.
fn chat_by(platform: &Platform, pair: &Value, token: Option<&str>, time: u64) -> RequestBuilder {
    let body = ask("hi").to_string();
    let path = platform.chat_path();
    let key = (
        pair["access"].as_str().unwrap(),
        pair["secret"].as_str().unwrap(),
    );
    let headers: Vec<_> = token
        .map(|it| ("x-security-token", it))
        .into_iter()
        .collect();
    let target = (Method::POST, path.as_str());
    platform.signed_by(key, target, (&[], &headers), body.as_bytes(), time)
}

#[tokio::test]
async fn a_permanent_pair_buys_a_temporary_one_that_signs_until_it_expires() {
    let platform = Platform::start();
    let by_token = json!({"methods": ["token"], "token": {"duration_seconds": 1000}});
    let mut by_agency = agency(&platform, "emulator-agency");
    by_agency["duration_seconds"] = json!(1000);
    let by_agency = json!({"methods": ["assume_role"], "assume_role": by_agency});
    for identity in [by_token, by_agency] {
        let pair = temporary_key(&platform, identity).await;
        let token = pair["securitytoken"].as_str();
        assert_eq!(
            outcome(chat_by(&platform, &pair, token, now())).await.0,
            200
        );
        platform
            .admin("clock", json!({"offsetSeconds": 1001}))
            .await;
        let (status, answer) = outcome(chat_by(&platform, &pair, token, now() + 1001)).await;
        assert_eq!((status, &answer["error_code"]), (401, &json!("APIGW.0301")));
        let text = answer["error_msg"].as_str().unwrap();
        assert!(text.contains(": token expires, expires_at:2"), "{text}");
        platform.admin("clock", json!({"offsetSeconds": 0})).await;
    }
}

#[tokio::test]
async fn a_temporary_pair_goes_with_its_own_security_token() {
    let platform = Platform::start();
    let identity = json!({"methods": ["token"]});
    let pair = temporary_key(&platform, identity.clone()).await;
    let other = temporary_key(&platform, identity).await;
    for token in [None, Some("made-up"), other["securitytoken"].as_str()] {
        let (status, answer) = outcome(chat_by(&platform, &pair, token, now())).await;
        assert_eq!(status, 401);
        let text = answer["error_msg"].as_str().unwrap();
        assert!(text.ends_with("decrypt token fail"), "{text}");
    }
    platform.admin("revoke-tokens", Value::Null).await;
    let token = pair["securitytoken"].as_str();
    let (_, answer) = outcome(chat_by(&platform, &pair, token, now())).await;
    assert!(
        answer["error_msg"]
            .as_str()
            .unwrap()
            .ends_with("Get secretKey failed")
    );
}

#[tokio::test]
async fn temporary_keys_are_refused_to_strangers_and_out_of_their_range() {
    let platform = Platform::start();
    let token = platform.token().await;
    let post = |identity: Value| {
        let body = json!({"auth": {"identity": identity}});
        platform
            .http
            .post(platform.url(SECURITY_TOKENS))
            .json(&body)
    };
    let lasting =
        |seconds: u32| json!({"methods": ["token"], "token": {"duration_seconds": seconds}});
    for (request, expected) in [
        (post(lasting(900)).header("x-auth-token", &token), 201),
        (
            post(json!({"methods": ["token"], "token": {"id": token}})),
            201,
        ),
        (
            post(json!({"methods": ["token"], "token": {"id": "MIIforeign"}})),
            401,
        ),
        (post(lasting(900)), 401),
        (post(lasting(899)).header("x-auth-token", &token), 400),
        (post(lasting(86_401)).header("x-auth-token", &token), 400),
        (
            post(json!({"methods": ["totp"]})).header("x-auth-token", &token),
            400,
        ),
    ] {
        let (status, answer) = outcome(request).await;
        assert_eq!(status, expected, "{answer}");
        if expected == 201 {
            assert_fits("createTemporaryAccessKey", Part::Response, &answer);
        }
    }
}
