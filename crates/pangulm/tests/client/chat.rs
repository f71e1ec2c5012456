//! Chats over real HTTP.

use crate::support::*;
use futures_util::{StreamExt, TryStreamExt};
use pangulm::Client;
use pangulm::chat::{ChatCompletion, ChatRequest, ContentPart, FinishReason, Message, Tool};
use serde_json::{Value, json};

const QUESTION: &str = "介绍一下长江";

#[tokio::test]
async fn a_question_is_answered_whole_in_both_dialects() {
    let running = start();
    let client = with_key(&running);
    for request in [v1(&running, QUESTION), v2(&running, QUESTION)] {
        let answer = client.chat().create(request).await.unwrap();
        assert!(answer.text().contains(QUESTION), "{answer:?}");
        assert_eq!(answer.finish_reason(), Some(&FinishReason::Stop));
        assert_eq!(answer.model.as_deref(), Some(&*running.info.model));
        let usage = answer.usage.unwrap();
        assert!(usage.completion_tokens > 0);
        assert_eq!(
            usage.total_tokens,
            usage.prompt_tokens + usage.completion_tokens
        );
        assert!(answer.request_id().is_some());
        assert!(answer.json().contains("\"prompt_logprobs\":null"));
    }
}

#[tokio::test]
async fn a_stream_brings_the_same_answer_piece_by_piece_in_both_dialects() {
    let running = start();
    let client = with_key(&running);
    for request in [v1(&running, QUESTION), v2(&running, QUESTION)] {
        let whole = client.chat().create(request.clone()).await.unwrap();
        let stream = client.chat().stream(request).await.unwrap();
        let chunks: Vec<_> = stream.try_collect().await.unwrap();
        assert!(chunks.len() >= 20, "{}", chunks.len());
        let text: String = chunks.iter().map(|chunk| chunk.text()).collect();
        assert_eq!(text, whole.text());
        let last = chunks.last().unwrap();
        assert_eq!(last.choices[0].finish_reason, Some(FinishReason::Stop));
        assert!(
            chunks[0].json().contains("\"delta\""),
            "{}",
            chunks[0].json()
        );
    }
}

#[tokio::test]
async fn the_final_message_of_a_stream_is_the_whole_answer() {
    let running = start();
    let client = with_key(&running);
    let thinking = format!("{}-think", running.info.deployment_id);
    let request = v1(&running, QUESTION).deployment(thinking);
    let whole = client.chat().create(request.clone()).await.unwrap();
    let mut stream = client.chat().stream(request).await.unwrap();
    // Chunks that were taken one by one count too.
    stream.next().await.unwrap().unwrap();
    let message = stream.final_message().await.unwrap();
    assert_eq!(message.text(), whole.text());
    assert!(!message.reasoning().is_empty());
    assert_eq!(message.reasoning(), whole.reasoning());
    assert_eq!(message.usage, whole.usage);
    assert_eq!(message.finish_reason(), whole.finish_reason());
    assert_eq!(message.request_id().map(str::to_owned), stream.request_id());
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn every_kind_of_credential_can_chat() {
    let running = start();
    let info = &running.info;
    let token = fetch_token(&running).await;
    let given = token.clone();
    let clients: [(&str, Client); 5] = [
        ("API key", with_key(&running)),
        ("token", bare(&running).token(&token).build().unwrap()),
        (
            "token function",
            bare(&running)
                .token_function(move || {
                    let given = given.clone();
                    async move { Ok(pangulm::Token::new(&given)) }
                })
                .build()
                .unwrap(),
        ),
        ("password", with_password(&running).build().unwrap()),
        (
            "access key",
            bare(&running)
                .access_key(&info.access_key_id, &info.secret_access_key)
                .build()
                .unwrap(),
        ),
    ];
    for (kind, client) in clients {
        let answer = client.chat().create(v1(&running, QUESTION)).await;
        assert!(answer.unwrap().text().contains(QUESTION), "{kind}");
        let mut stream = client.chat().stream(v1(&running, QUESTION)).await.unwrap();
        let answer = stream.final_message().await;
        assert!(answer.unwrap().text().contains(QUESTION), "{kind}");
    }
}

async fn fetch_token(running: &pangulm_emulator::Running) -> String {
    let iam = &running.info.iam;
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": iam.user, "password": iam.password, "domain": {"name": iam.domain}}}},
        "scope": {"project": {"name": running.info.region}}}});
    let client = bare(running).build().unwrap();
    let answer = client
        .request("createToken", &[], Some(&body))
        .await
        .unwrap();
    answer.headers().get("x-subject-token").unwrap().to_owned()
}

#[tokio::test]
async fn a_tool_is_called_and_its_result_answered_whole_and_streamed() {
    let running = start();
    let client = with_key(&running);
    let weather = Tool::function("get_weather")
        .description("The weather in a city")
        .parameters(json!({"type": "object", "properties": {"city": {"type": "string"}}}));
    for request in [
        v1(&running, "What is the weather in Guiyang?"),
        v2(&running, "What is the weather in Guiyang?"),
    ] {
        let request = request.tool(weather.clone()).tool_choice("auto");
        let whole = client.chat().create(request.clone()).await.unwrap();
        let mut stream = client.chat().stream(request.clone()).await.unwrap();
        let streamed = stream.final_message().await.unwrap();
        for answer in [whole, streamed] {
            assert_eq!(answer.finish_reason(), Some(&FinishReason::ToolCalls));
            let [call] = answer.tool_calls() else {
                panic!("{answer:?}")
            };
            assert_eq!(call.name(), "get_weather");
            let arguments: Value = call.parse_arguments().unwrap();
            assert!(arguments["city"].as_str().unwrap().contains("Guiyang"));
            let request = request
                .clone()
                .message(answer.message())
                .message(Message::tool(call.id(), "sunny, 24 °C"));
            let answer = client.chat().create(request).await.unwrap();
            assert!(answer.text().contains("sunny, 24 °C"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn pictures_and_members_nobody_knows_are_sent_as_they_are() {
    let running = start();
    let client = with_key(&running);
    let parts = [
        ContentPart::image_base64("iVBORw0KGgo="),
        ContentPart::text("图中有什么?"),
    ];
    let request = ChatRequest::new([Message::user(parts)])
        .deployment(&running.info.deployment_id)
        .extra("enable_thinking", true);
    let answer = client.chat().create(request).await.unwrap();
    assert!(answer.text().contains("图中有什么?"));
    // The emulator reasons only if the unknown member arrived.
    assert!(!answer.reasoning().is_empty());
}

#[tokio::test]
async fn the_clients_deployment_serves_requests_that_name_none() {
    let running = start();
    let client = bare(&running)
        .endpoint(format!(
            "{}/v1/{}/deployments/{}/chat/completions",
            running.info.url, running.info.project_id, running.info.deployment_id
        ))
        .api_key(&running.info.api_key)
        .build()
        .unwrap();
    let request = ChatRequest::new([Message::user(QUESTION)]);
    assert!(client.chat().create(request).await.is_ok());
}

#[tokio::test]
async fn tokens_are_counted() {
    let running = start();
    let client = with_key(&running);
    let tokens = client.tokens().deployment(&running.info.deployment_id);
    let count = tokens.count(["你好,请介绍下西安。"]).await.unwrap();
    assert_eq!(
        usize::try_from(count.token_number).unwrap(),
        count.tokens.len()
    );
    let more = tokens.clone().with_generated();
    let more = more.count(["你好,请介绍下西安。"]).await.unwrap();
    assert!(more.token_number > count.token_number);
    let even = tokens.count(["a", "b"]).await.unwrap_err();
    assert!(
        even.is_invalid_input() && even.field() == Some("data"),
        "{even}"
    );
}

#[tokio::test]
async fn a_stream_read_by_the_stream_trait_ends_once() {
    let running = start();
    let client = with_key(&running);
    let mut stream = client.chat().stream(v1(&running, QUESTION)).await.unwrap();
    while let Some(chunk) = StreamExt::next(&mut stream).await {
        chunk.unwrap();
    }
    assert!(StreamExt::next(&mut stream).await.is_none());
    assert!(stream.partial().unwrap().text().contains(QUESTION));
}

#[tokio::test]
async fn an_answer_that_the_platform_cut_short_is_told_and_kept() {
    let running = start();
    let client = faulty(&with_key(&running), "finish=content_filter");
    let error = client
        .chat()
        .create(v1(&running, "hello"))
        .await
        .unwrap_err();
    let whole = ChatCompletion::cut_short(&error).unwrap();
    assert!(
        error.is_content_filtered() && whole.text().contains("hello"),
        "{error}"
    );
    assert_eq!(whole.request_id(), error.request_id());

    let mut stream = client.chat().stream(v2(&running, "hello")).await.unwrap();
    let mut text = String::new();
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(chunk) => text += chunk.text(),
            Err(error) => break error,
        }
    };
    assert!(error.is_content_filtered(), "{error}");
    let kept = ChatCompletion::cut_short(&error).unwrap();
    let partial = stream.partial().unwrap();
    assert_eq!(
        (kept.text(), partial.text()),
        (text.as_str(), text.as_str())
    );
    assert_eq!(partial.finish_reason(), Some(&FinishReason::ContentFilter));

    let body = serde_json::from_value(json!({"messages": [{"content": "hello"}]}));
    let body: pangulm::generated::pangu::types::ChatRequestV1 = body.unwrap();
    let error = client
        .pangu()
        .create_chat_completion_v1()
        .project_id(&running.info.project_id)
        .deployment_id(&running.info.deployment_id)
        .body(body)
        .send()
        .await
        .unwrap_err();
    assert!(error.is_content_filtered(), "{error:?}");
}
