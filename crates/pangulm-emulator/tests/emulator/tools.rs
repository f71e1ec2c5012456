//! Tool calls.

use serde_json::{Value, json};

use crate::platform::{Platform, ask, chunks, json_of, outcome};

fn with_tools(mut body: Value) -> Value {
    body["tools"] = json!([
        {"type": "function", "function": {"name": "send_mail"}},
        {"type": "function", "function": {
            "name": "get_weather", "description": "查询城市的天气",
            "parameters": {"type": "object", "properties": {
                "city": {"type": "string"},
                "days": {"type": "integer"},
                "unit": {"type": "string", "enum": ["celsius", "kelvin"]},
            }},
        }},
    ]);
    body
}

#[tokio::test]
async fn a_tool_is_called_when_the_question_is_about_it() {
    let platform = Platform::start();
    for question in ["How is the weather?", "贵阳的天气怎么样?"] {
        let answer = json_of(platform.v1(with_tools(ask(question))).send().await.unwrap()).await;
        let choice = &answer["choices"][0];
        assert_eq!(choice["finish_reason"], "tool_calls");
        let function = &choice["message"]["tool_calls"][0]["function"];
        assert_eq!(function["name"], "get_weather");
        let arguments: Value =
            serde_json::from_str(function["arguments"].as_str().unwrap()).unwrap();
        assert_eq!(
            arguments,
            json!({"city": question, "days": 1, "unit": "celsius"})
        );
    }
}

#[tokio::test]
async fn tool_choice_auto_calls_one_in_any_case_and_none_never() {
    let platform = Platform::start();
    for (choice, question, reason) in [
        (Value::Null, "hello", "stop"),
        (json!("auto"), "hello", "tool_calls"),
        (json!("none"), "How is the weather?", "stop"),
    ] {
        let mut body = with_tools(ask(question));
        if !choice.is_null() {
            body["tool_choice"] = choice;
        }
        let answer = json_of(platform.v2(body).send().await.unwrap()).await;
        assert_eq!(answer["choices"][0]["finish_reason"], reason);
    }
}

#[tokio::test]
async fn the_result_of_a_tool_is_quoted_in_text() {
    let platform = Platform::start();
    let mut body = with_tools(json!({"messages": [
        {"role": "user", "content": "How is the weather?"},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function",
            "function": {"name": "get_weather", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "21 degrees and sunny"},
    ]}));
    body["tool_choice"] = json!("auto");
    let (status, answer) = outcome(platform.v1(body)).await;
    assert_eq!(status, 200, "{answer}");
    let text = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(
        text.contains("21 degrees and sunny") && text.contains("emulated"),
        "{text}"
    );
}

#[tokio::test]
async fn a_streamed_tool_call_joins_to_its_arguments() {
    let platform = Platform::start();
    let mut body = with_tools(ask("How is the weather?"));
    body["stream"] = json!(true);
    let chunks = chunks(platform.v1(body), "data:").await;
    let calls: Vec<&Value> = chunks
        .iter()
        .map(|chunk| &chunk["choices"][0]["message"]["tool_calls"][0])
        .filter(|call| !call.is_null())
        .collect();
    assert_eq!(calls[0]["function"]["name"], "get_weather");
    assert!(calls[0]["id"].as_str().unwrap().starts_with("call_"));
    assert!(calls.iter().all(|call| call["index"] == 0));
    let arguments: String = calls
        .iter()
        .filter_map(|call| call["function"]["arguments"].as_str())
        .collect();
    assert_eq!(
        serde_json::from_str::<Value>(&arguments).unwrap()["days"],
        1
    );
    assert_eq!(
        chunks.last().unwrap()["choices"][0]["finish_reason"],
        "tool_calls"
    );
}
