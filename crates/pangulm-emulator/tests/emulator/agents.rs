//! Agents and workflows.

use pangulm_openapi::Part;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::platform::{Platform, json_of, outcome};
use crate::spec::assert_fits;

const FIRST: &str = "4c0dcef2-7f8f-4c57-93c7-484c03b0a216";
const SECOND: &str = "5d0dcef2-7f8f-4c57-93c7-484c03b0a216";

fn run(platform: &Platform, path: &str, conversation: &str, body: &Value) -> RequestBuilder {
    let project = &platform.info().project_id;
    let path = format!("/v1/{project}/{path}/conversations/{conversation}");
    let post = platform.http.post(platform.url(&path)).json(body);
    post.header("x-apig-appcode", &platform.info().api_key)
}

async fn events(request: RequestBuilder) -> Vec<Value> {
    let answer = request.header("stream", "true").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["x-emulated"], "true");
    let text = answer.text().await.unwrap();
    let data = text
        .split_terminator("\n\n")
        .map(|it| it.strip_prefix("data:").unwrap());
    data.map(|it| serde_json::from_str(it).unwrap()).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    let mut names: Vec<&str> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    names.dedup();
    names
}

#[tokio::test]
async fn an_agent_sends_its_events_in_the_documented_order_on_both_paths() {
    let platform = Platform::start();
    for prefix in ["", "agent-run/"] {
        let path = format!("{prefix}agents/{}", platform.info().agent_id);
        let ask = |query: &str| {
            let body = json!({"query": query});
            events(run(&platform, &path, FIRST, &body))
        };
        let plain = ask("介绍一下长江").await;
        assert_eq!(
            names(&plain),
            ["start", "message", "statistic_data", "summary_response"]
        );
        let weather = ask("贵阳的天气").await;
        assert_eq!(
            names(&weather),
            [
                "start",
                "plugin_start",
                "plugin_end",
                "message",
                "statistic_data",
                "summary_response"
            ]
        );
        for event in plain.iter().chain(&weather) {
            assert_fits("runAgent", Part::Chunk, event);
        }
        let said = plain
            .iter()
            .filter(|event| event["event"] == "message")
            .map(|event| event["content"].as_str().unwrap());
        assert_eq!(said.collect::<String>(), plain.last().unwrap()["content"]);
    }
}

#[tokio::test]
async fn an_agent_remembers_the_conversation_and_only_that() {
    let platform = Platform::start();
    let path = format!("agents/{}", platform.info().agent_id);
    let ask = |conversation, query: &str| {
        let request = run(&platform, &path, conversation, &json!({"query": query}));
        async { events(request).await.pop().unwrap()["content"].to_string() }
    };
    assert!(!ask(FIRST, "first question").await.contains("Before"));
    let second = ask(FIRST, "second question").await;
    assert!(second.contains("Before that you asked: “first question”"));
    assert!(!ask(SECOND, "hello").await.contains("Before"));
    platform.admin("reset", json!({})).await;
    assert!(!ask(FIRST, "hello").await.contains("Before"));
}

#[tokio::test]
async fn what_is_not_as_documented_is_refused() {
    let platform = Platform::start();
    let agent = format!("agents/{}", platform.info().agent_id);
    let workflow = format!("workflows/{}", platform.info().workflow_id);
    let question = json!({"query": "hi"});
    let streaming = |request: RequestBuilder| request.header("stream", "true");
    for (request, status, code) in [
        (run(&platform, &agent, FIRST, &question), 400, "PANGU.0010"),
        (
            run(&platform, &agent, FIRST, &question).header("stream", "false"),
            400,
            "PANGU.0010",
        ),
        (
            streaming(run(&platform, &agent, "mine", &question)),
            400,
            "PANGU.0010",
        ),
        (
            streaming(run(&platform, "agents/other", FIRST, &question)),
            404,
            "PANGU.3254",
        ),
        (
            streaming(run(&platform, &agent, FIRST, &json!({}))),
            400,
            "PANGU.3278",
        ),
        (
            run(&platform, &workflow, FIRST, &question),
            400,
            "PANGU.3278",
        ),
        (
            run(
                &platform,
                &workflow,
                FIRST,
                &json!({"inputs": {}, "plugin_configs": [{}]}),
            ),
            400,
            "PANGU.3278",
        ),
        (
            run(&platform, &workflow, FIRST, &json!({"inputs": {}})).header("stream", "maybe"),
            400,
            "PANGU.0010",
        ),
    ] {
        let (found, refusal) = outcome(request).await;
        assert_eq!(
            (found, refusal["error_code"].as_str()),
            (status, Some(code)),
            "{refusal}"
        );
    }
}

#[tokio::test]
async fn a_workflow_with_a_question_is_answered_by_a_second_run_in_its_conversation() {
    let platform = Platform::start();
    for prefix in ["", "agent-run/"] {
        let path = format!("{prefix}workflows/{}", platform.info().asking_workflow_id);
        let say = |conversation, query: &str| {
            let body = json!({"inputs": {"query": query}});
            let request = run(&platform, &path, conversation, &body);
            async { json_of(request.send().await.unwrap()).await }
        };
        let asked = say(FIRST, "预订会议室").await;
        assert_fits("runWorkflow", Part::Response, &asked);
        assert_eq!(asked["messages"][0]["role"], "assistant");
        assert_eq!(asked.get("outputs"), None);
        let other = say(SECOND, "预订会议室").await;
        assert_eq!(other.get("outputs"), None);
        let answered = say(FIRST, "明天下午").await;
        assert_fits("runWorkflow", Part::Response, &answered);
        assert_eq!(answered["messages"], json!([]));
        let text = answered["outputs"]["responseContent"].as_str().unwrap();
        assert!(
            text.contains("预订会议室") && text.contains("明天下午"),
            "{text}"
        );
        assert_eq!(answered["conversation_id"], FIRST);
        say(SECOND, "今晚").await;
    }
}

#[tokio::test]
async fn a_streamed_workflow_says_that_its_events_are_made_up() {
    let platform = Platform::start();
    let path = format!("workflows/{}", platform.info().workflow_id);
    let body = json!({"inputs": {"query": "hi"}, "plugin_configs": [
        {"plugin_id": "p", "config": {"token": "t"}}
    ]});
    let whole = run(&platform, &path, FIRST, &body).send().await.unwrap();
    let whole = json_of(whole).await;
    assert_eq!(whole["x_emulated"], true);
    let events = events(run(&platform, &path, FIRST, &body)).await;
    for event in &events {
        assert_fits("runWorkflow", Part::Chunk, event);
        assert_eq!(event["data"]["x_emulated"], true);
    }
    assert_eq!(names(&events), ["message", "x_emulated_end"]);
    assert_eq!(events.last().unwrap()["data"]["outputs"], whole["outputs"]);
}
