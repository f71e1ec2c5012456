//! Streamed answers, to the byte.

use serde_json::{Value, json};

use crate::platform::{Platform, ask_stream, chunks, joined, json_of};

#[tokio::test]
async fn the_first_events_of_v1_are_the_documented_bytes() {
    let platform = Platform::start();
    let answer = platform
        .v1(ask_stream("介绍一下长江"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = answer.text().await.unwrap();
    let first: Value =
        serde_json::from_str(&text["data:".len()..text.find("\n\n").unwrap()]).unwrap();
    let (id, created) = (first["id"].as_str().unwrap(), &first["created"]);
    let model = &platform.info().model;
    let head = format!(
        r#"{{"id":"{id}","object":"chat.completion.chunk","created":{created},"model":"{model}","choices":[{{"index":0,"logprobs":null,"finish_reason":null,"message":"#
    );
    let documented = format!(
        "data:{head}{{\"role\":\"assistant\"}}}}],\"usage\":{{\"prompt_tokens\":6,\"total_tokens\":6,\"completion_tokens\":0}}}}\n\n\
         data:{head}{{\"content\":\"您\"}}}}],\"usage\":{{\"prompt_tokens\":6,\"total_tokens\":7,\"completion_tokens\":1}}}}\n\n"
    );
    assert!(
        id.starts_with("chat-") && id.len() == "chat-".len() + 32,
        "{id}"
    );
    assert_eq!(&text[..documented.len()], documented);
    assert!(text.ends_with("}\n\ndata:[DONE]\n\n"), "{text}");
}

#[tokio::test]
async fn v1_streams_at_least_twenty_chunks_with_running_totals() {
    let platform = Platform::start();
    let chunks = chunks(platform.v1(ask_stream("hi")), "data:").await;
    assert!(chunks.len() >= 20, "{}", chunks.len());
    for (number, chunk) in chunks.iter().enumerate() {
        let last = number + 1 == chunks.len();
        let completion = if last { number - 1 } else { number };
        assert_eq!(chunk["usage"]["completion_tokens"], completion);
        assert_eq!(chunk["usage"]["prompt_tokens"], 1);
        assert_eq!(chunk["usage"]["total_tokens"], completion + 1);
        let expected = if last { json!("stop") } else { Value::Null };
        assert_eq!(chunk["choices"][0]["finish_reason"], expected);
    }
}

#[tokio::test]
async fn v2_streams_deltas_and_usage_only_when_asked() {
    let platform = Platform::start();
    let mut body = ask_stream("hi");
    let without = chunks(platform.v2(body.clone()), "data: ").await;
    assert!(without.iter().all(|chunk| chunk.get("usage").is_none()));
    assert!(
        without
            .iter()
            .all(|chunk| chunk["choices"][0].get("message").is_none())
    );
    assert_eq!(
        without[0]["choices"][0]["delta"],
        json!({"role": "assistant"})
    );
    assert_eq!(
        without.last().unwrap()["choices"][0]["finish_reason"],
        "stop"
    );

    body["stream_options"] = json!({"include_usage": true});
    let with = chunks(platform.v2(body), "data: ").await;
    let (last, before) = with.split_last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["completion_tokens"], before.len() - 2);
    assert!(before.iter().all(|chunk| chunk.get("usage").is_none()));
}

#[tokio::test]
async fn a_stream_joins_to_the_whole_answer() {
    let platform = Platform::start();
    for question in ["What is  the Yangtze?", "介绍一下长江"] {
        let mut body = ask_stream(question);
        body["enable_thinking"] = json!(true);
        let streamed = chunks(platform.v1(body.clone()), "data:").await;
        let streamed_v2 = chunks(platform.v2(body.clone()), "data: ").await;
        body["stream"] = json!(false);
        let whole = json_of(platform.v1(body).send().await.unwrap()).await;
        for name in ["content", "reasoning_content"] {
            let expected = whole["choices"][0]["message"][name].as_str().unwrap();
            assert_eq!(joined(&streamed, "message", name), expected);
            assert_eq!(joined(&streamed_v2, "delta", name), expected);
        }
        let of_last = &streamed.last().unwrap()["usage"];
        assert_eq!(of_last, &whole["usage"]);
    }
}
