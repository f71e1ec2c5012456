//! Runs of agents and workflows.

use futures_util::TryStreamExt;
use pangulm::agents::{AgentEventType, AgentRequest, WorkflowRequest};
use serde_json::Value;

use crate::support::{faulty, requests, start, with_key};

#[tokio::test]
async fn an_agents_events_come_typed_and_its_conversation_goes_on() {
    let running = start();
    let client = with_key(&running);
    let ask = |query: &str| AgentRequest::new(&running.info.agent_id, query);
    let mut run = client.agents().run(ask("贵阳的天气")).await.unwrap();
    let mut kinds = Vec::new();
    let mut said = String::new();
    while let Some(event) = run.next().await {
        let event = event.unwrap();
        if event.event == AgentEventType::Message {
            said += event.text();
        }
        if event.event == AgentEventType::StatisticData {
            assert!(event.latency.unwrap().overall.unwrap() > 0.0);
        }
        assert!(event.created_time.is_some());
        kinds.push(event.event);
    }
    kinds.dedup();
    use AgentEventType::{Message, PluginEnd, PluginStart, Start, StatisticData, SummaryResponse};
    let order = [
        Start,
        PluginStart,
        PluginEnd,
        Message,
        StatisticData,
        SummaryResponse,
    ];
    assert_eq!(kinds, order);
    let outcome = run.partial().unwrap();
    assert_eq!((outcome.content, outcome.end_confirmed), (said, true));
    assert!(run.request_id().is_some());

    let more = ask("明天呢").conversation_id(run.conversation_id());
    let more = client.agents().run(more.older_path()).await.unwrap();
    assert_eq!(more.conversation_id(), run.conversation_id());
    let events: Vec<_> = more.try_collect().await.unwrap();
    assert!(
        events
            .last()
            .unwrap()
            .text()
            .contains("之前您问过：“贵阳的天气”")
    );
    let asked = requests(&running).await;
    let operations: Vec<&Value> = asked.iter().map(|it| &it["operationId"]).collect();
    assert_eq!(operations, ["runAgent", "runAgentLegacy"]);
}

#[tokio::test]
async fn runs_that_name_no_conversation_each_get_their_own() {
    let running = start();
    let client = with_key(&running);
    let ask = || AgentRequest::new(&running.info.agent_id, "hi");
    let one = client.agents().run(ask()).await.unwrap();
    let other = client.agents().run(ask()).await.unwrap();
    assert_ne!(one.conversation_id(), other.conversation_id());
    let error = client
        .agents()
        .run(ask().conversation_id("mine"))
        .await
        .unwrap_err();
    assert_eq!(error.field(), Some("conversation_id"));
    assert_eq!(requests(&running).await.len(), 2);
}

#[tokio::test]
async fn a_run_whose_body_ends_early_is_kept_and_marked_and_one_that_breaks_is_an_error() {
    let running = start();
    let client = with_key(&running);
    let ask = || AgentRequest::new(&running.info.agent_id, "hello");
    let early = faulty(&client, "truncate-after=3");
    let mut run = early.agents().run(ask()).await.unwrap();
    let outcome = run.finish().await.unwrap();
    assert!(!outcome.end_confirmed);
    assert!("You asked".starts_with(&outcome.content) && !outcome.content.is_empty());

    let broken = faulty(&client, "drop-after=3");
    let mut run = broken.agents().run(ask()).await.unwrap();
    assert!(run.finish().await.unwrap_err().is_truncated());
    assert!(!run.partial().unwrap().content.is_empty());

    let refused = faulty(&client, "error-after=2");
    let mut run = refused.agents().run(ask()).await.unwrap();
    let error = run.finish().await.unwrap_err();
    assert!(error.is_in_stream());
    assert_eq!(error.code(), Some("PANGU.0031"));
}

#[tokio::test]
async fn a_workflows_question_is_answered_in_its_conversation() {
    let running = start();
    let workflows = with_key(&running).workflows();
    let say =
        |text: &str| WorkflowRequest::new(&running.info.asking_workflow_id).input("query", text);
    for older in [false, true] {
        let on_path = |request: WorkflowRequest| if older { request.older_path() } else { request };
        let asked = workflows.run(on_path(say("预订会议室"))).await.unwrap();
        assert_eq!(asked.text(), None);
        assert!(asked.question().unwrap().contains("预订会议室"));
        let id = asked.conversation_id.unwrap();
        let reply = on_path(say("明天").conversation_id(id)).plugin("p", [("token", "t")]);
        let answered = workflows.run(reply).await.unwrap();
        assert_eq!(answered.question(), None);
        assert!(answered.text().unwrap().contains("明天"));
        assert_eq!(answered.status.unwrap().code, Some(1));
    }
}

#[tokio::test]
async fn a_workflows_events_come_as_they_are_and_its_end_is_not_confirmed() {
    let running = start();
    let workflows = with_key(&running).workflows();
    let hello = WorkflowRequest::new(&running.info.workflow_id).input("query", "hello");
    let mut run = workflows.stream(hello).await.unwrap();
    let first = run.next().await.unwrap().unwrap();
    assert_eq!(first.event, "message");
    assert_eq!(first.data.unwrap()["x_emulated"], true);
    let outcome = run.finish().await.unwrap();
    assert!(!outcome.end_confirmed);
    let last = outcome.last_event.unwrap();
    let text = &last["data"]["outputs"]["responseContent"];
    assert!(text.as_str().unwrap().contains("“hello”"));
}
