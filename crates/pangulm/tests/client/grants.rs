//! Passcodes, agencies and temporary keys, against the emulator.

use std::time::Duration;

use crate::support::*;
use futures_util::future::join_all;
use pangulm::generated::iam::types::CreateTemporaryAccessKeyRequest;
use pangulm::{Account, ClientBuilder};
use pangulm_emulator::Running;
use serde_json::json;

const QUARTER: Duration = Duration::from_secs(900);

fn with_key(running: &Running) -> ClientBuilder {
    let info = &running.info;
    bare(running).access_key(&info.access_key_id, &info.secret_access_key)
}

fn by_agency(builder: ClientBuilder, running: &Running) -> ClientBuilder {
    let iam = &running.info.iam;
    builder.agency(&iam.agency, Account::Name(iam.domain.clone()))
}

async fn set_clock(running: &Running, seconds: i64) {
    let post = reqwest::Client::new().post(format!("{}/_emulator/clock", running.info.url));
    post.json(&json!({"offsetSeconds": seconds}))
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_password_with_a_passcode_logs_in() {
    let running = start();
    let iam = &running.info.iam;
    let login = || with_password(&running);
    let client = login()
        .passcode(&iam.user_id, &iam.passcode)
        .build()
        .unwrap();
    assert!(client.chat().create(v1(&running, "hello")).await.is_ok());
    let client = login().passcode(&iam.user_id, "000000").build().unwrap();
    let error = client
        .chat()
        .create(v1(&running, "hello"))
        .await
        .unwrap_err();
    assert!(
        error.is_auth() && error.operation() == Some("createToken"),
        "{error}"
    );
}

#[tokio::test]
async fn an_agency_is_assumed_by_key_and_by_password_with_a_token_or_temporary_keys() {
    for temporary in [false, true] {
        for base in [with_key, with_password] {
            let running = start();
            let mut builder = by_agency(base(&running), &running);
            if temporary {
                builder = builder.temporary_keys(QUARTER);
            }
            let client = builder.build().unwrap();
            client.chat().create(v1(&running, "hello")).await.unwrap();
            client.request("listProjects", &[], None).await.unwrap();
            let header = if temporary {
                "x-security-token"
            } else {
                "x-auth-token"
            };
            let last = requests(&running).await.pop().unwrap();
            assert_eq!(last["headers"][header], "***", "{last}");
        }
    }
}

#[tokio::test]
async fn many_calls_share_one_temporary_pair_and_renew_it_once() {
    let running = start();
    let client = with_key(&running).temporary_keys(QUARTER).build().unwrap();
    let chat = client.chat();
    let crowd = || async {
        let calls = (0..32).map(|_| chat.create(v1(&running, "hello")));
        let answers = join_all(calls).await;
        answers.into_iter().filter(Result::is_ok).count()
    };
    assert_eq!(crowd().await, 32);
    assert_eq!(count(&running, "createTemporaryAccessKey").await, 1);
    // The pair is over for the service, which the client's own clock cannot know.
    set_clock(&running, 10_000).await;
    assert_eq!(crowd().await, 32);
    assert!(count(&running, "createTemporaryAccessKey").await >= 2);
}

#[tokio::test]
async fn the_typed_client_gets_a_temporary_key_too() {
    let running = start();
    let client = with_key(&running).build().unwrap();
    let body: CreateTemporaryAccessKeyRequest =
        serde_json::from_value(json!({"auth": {"identity": {
            "methods": ["token"],
            "token": {"duration_seconds": 900},
            "policy": {"Version": "1.1", "Statement": [{"Action": ["obs:*:*"], "Effect": "Allow"}]},
        }}}))
        .unwrap();
    let answer = client
        .iam()
        .create_temporary_access_key()
        .body(body)
        .send()
        .await
        .unwrap();
    let pair = &answer.credential;
    assert!(!format!("{answer:?}").contains(pair.secret.expose()));
    let client = bare(&running)
        .temporary_access_key(
            &pair.access,
            pair.secret.expose(),
            pair.securitytoken.expose(),
        )
        .build()
        .unwrap();
    client.chat().create(v1(&running, "hello")).await.unwrap();
}
