//! The generated clients and the raw call, by way of the same engine.

use crate::support::*;
use pangulm::generated::iam::types as iam;
use pangulm::generated::pangu::types::{ChatRequestV1, TokenCountRequest};
use pangulm::{Client, Error, ErrorKind};
use pangulm_emulator::Running;
use serde_json::{Value, json};

async fn count_typed(client: &Client, running: &Running, text: &str) -> Result<i64, Error> {
    let counted = client
        .pangu()
        .count_tokens()
        .project_id(&running.info.project_id)
        .deployment_id(&running.info.deployment_id)
        .body(TokenCountRequest::builder().data(vec![text.to_owned()]))
        .send()
        .await?;
    assert!(counted.request_id().is_some());
    Ok(counted.token_number)
}

#[tokio::test]
async fn a_generated_client_calls_with_the_clients_credentials() {
    let running = start();
    for client in [with_key(&running), with_password(&running).build().unwrap()] {
        assert!(count_typed(&client, &running, "你好,西安。").await.unwrap() > 1);
    }
    let sent = requests(&running).await;
    let count = &sent[0];
    assert_eq!(count["operationId"], "countTokens");
    let names: Vec<&String> = count["headers"].as_object().unwrap().keys().collect();
    assert!(
        !names.iter().any(|name| *name == "api-version"),
        "{names:?}"
    );
    let agent = count["headers"]["user-agent"].as_str().unwrap();
    assert!(agent.starts_with("pangulm/"), "{agent}");
}

#[tokio::test]
async fn a_generated_client_of_iam_gets_a_token_and_sees_its_projects() {
    let running = start();
    let client = with_password(&running).build().unwrap();
    let projects = client
        .iam()
        .list_projects()
        .name(&running.info.region)
        .send()
        .await
        .unwrap();
    assert_eq!(projects.projects.len(), 1);
    assert_eq!(projects.projects[0].id, running.info.project_id);
    let _: &[iam::Project] = &projects.projects;
    let sent = requests(&running).await;
    assert_eq!(sent.last().unwrap()["query"], "name=cn-southwest-2");
}

#[tokio::test]
async fn what_a_generated_client_cannot_decode_keeps_status_request_id_and_body() {
    let running = start();
    let client = faulty(&with_key(&running), "bad-json");
    let error = count_typed(&client, &running, "hello").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.status(), Some(200));
    assert_eq!(error.operation(), Some("countTokens"));
    assert!(error.request_id().is_some());
    assert!(error.body().unwrap().starts_with(b"{"), "{error:?}");
}

#[tokio::test]
async fn a_generated_client_retries_and_checks_as_every_call_does() {
    let running = start();
    let client = with_key(&running);
    let brief = faulty(&client, "status=503; retry-after=0; times=1; key=typed");
    assert!(count_typed(&brief, &running, "hello").await.is_ok());
    let body = ChatRequestV1::builder().messages(vec![]);
    let pangu = client.pangu();
    let chat = pangu.create_chat_completion_v1();
    let refused = chat
        .project_id("p")
        .deployment_id("d")
        .body(body)
        .send()
        .await;
    let error = refused.unwrap_err().into_inner();
    assert_eq!(error.field(), Some("messages"), "{error:?}");
    let chat = pangu.count_tokens();
    let body = TokenCountRequest::builder().data(vec!["a".to_owned()]);
    let climbing = chat
        .project_id("..")
        .deployment_id("d")
        .body(body)
        .send()
        .await;
    assert!(climbing.unwrap_err().is_invalid_input());
}

#[tokio::test]
async fn any_operation_can_be_called_by_its_id() {
    let running = start();
    let client = with_key(&running);
    let body = json!({"data": ["hello"], "with_prompt": true});
    let deployment = ("deployment_id", &*running.info.deployment_id);
    let response = client
        .request("countTokens", &[deployment], Some(&body))
        .await
        .unwrap();
    assert_eq!((response.status(), response.attempts()), (200, 1));
    assert!(response.request_id().is_some());
    let count: Value = response.json().unwrap();
    assert!(count["token_number"].as_u64().unwrap() > 0);
    let wrong = response.json::<Vec<u8>>().unwrap_err();
    assert_eq!(
        (wrong.kind(), wrong.status()),
        (ErrorKind::UnexpectedAnswer, Some(200))
    );
    let stream = client
        .request("createChatCompletionV1Stream", &[deployment], Some(&body))
        .await;
    assert!(stream.unwrap_err().is_invalid_input());
}
