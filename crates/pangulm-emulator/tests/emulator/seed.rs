//! What `--seed demo` begins with.

use pangulm_emulator::{Options, Seed};
use serde_json::{Value, json};

use crate::obs::get;
use crate::platform::{Platform, json_of};

/// The name and state of each forecast, and the names of users and groups.
async fn seen(platform: &Platform) -> Value {
    let info = platform.info();
    let mut states = Vec::new();
    for id in ["finished", "failed", "begun"] {
        let path = format!(
            "/v1/{}/infer-api/proxy/service/emulated-ai4s-weather/tasks/demo-forecast-{id}",
            info.project_id
        );
        let request = platform.http.get(platform.url(&path));
        let request = request.header("x-apig-appcode", &info.api_key);
        states.push(json_of(request.send().await.unwrap()).await["state"].clone());
    }
    json!(states)
}

#[tokio::test]
async fn a_demonstration_has_something_to_look_at_and_has_it_again_after_a_reset() {
    let seed = Some(Seed::Demo);
    let platform = Platform::with(Options {
        seed,
        ..Options::default()
    });
    for _ in 0..2 {
        let states = seen(&platform).await;
        assert_eq!(states[0], "SUCCEEDED");
        assert_eq!(states[1], "FAILED");
        assert_ne!(states[2], "FAILED");
        let object = get(&platform, "rivers/questions.jsonl").await;
        assert_eq!(object.status(), 200);
        assert!(object.text().await.unwrap().contains("长江"));
        platform.admin("reset", json!({})).await;
    }
    let empty = Platform::start();
    assert_eq!(seen(&empty).await[0], Value::Null);
    assert_eq!(get(&empty, "rivers/questions.jsonl").await.status(), 404);
}

#[tokio::test]
async fn a_demonstrations_users_can_log_in() {
    let seed = Some(Seed::Demo);
    let platform = Platform::with(Options {
        seed,
        ..Options::default()
    });
    for (name, password, expected) in [
        ("demo-analyst", "Demo-analyst-1", 201),
        ("demo-engineer", "Demo-engineer-1", 201),
        ("demo-engineer", "another one", 401),
    ] {
        let user = json!({"name": name, "password": password,
            "domain": {"name": platform.info().iam.domain}});
        let body = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": platform.info().region}},
        }});
        let login = platform
            .http
            .post(platform.url("/v3/auth/tokens"))
            .json(&body);
        assert_eq!(login.send().await.unwrap().status(), expected, "{name}");
    }
}
