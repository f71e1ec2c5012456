//! Tools that the client runs for the model, over real HTTP.

use std::error::Error;
use std::sync::Mutex;

use crate::support::*;
use futures_util::future::BoxFuture;
use pangulm::chat::Tool;
use pangulm::tools::{ToolErrors, Tools};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Place {
    city: String,
}

/// The emulator calls it when it is asked for the weather, with the question as the city.
fn weather() -> Tool {
    Tool::function("get_weather")
        .description("The weather in a city, now")
        .parameters(json!({"type": "object", "properties": {"city": {"type": "string"}}}))
}

const QUESTION: &str = "What is the weather in Guiyang?";

#[tokio::test]
async fn a_model_that_calls_a_tool_gets_its_result_whole_and_streamed_in_both_dialects() {
    let running = start();
    let chat = with_key(&running).chat();
    let tools = Tools::new().tool(weather(), |place: Place| async move {
        Ok(format!("sunny in {}", place.city))
    });
    for request in [v1(&running, QUESTION), v2(&running, QUESTION)] {
        // It can be spawned.
        let going: BoxFuture<'_, _> = Box::pin(tools.run(&chat, request.clone()));
        let run = going.await.unwrap();
        let expected = format!("sunny in {QUESTION}");
        assert!(run.answer.text().contains(&expected), "{:?}", run.answer);
        assert_eq!(run.rounds, 2);
        let said = Mutex::new(String::new());
        let streamed = tools
            .stream(&chat, request, |chunk| {
                said.lock().unwrap().push_str(chunk.text());
            })
            .await
            .unwrap();
        assert_eq!(said.into_inner().unwrap(), streamed.answer.text());
        assert!(streamed.answer.text().contains(&expected));
    }
}

#[tokio::test]
async fn a_model_is_told_what_it_did_wrong_and_what_a_tool_failed_of() {
    #[derive(Deserialize)]
    struct Elsewhere {
        #[allow(dead_code, reason = "the model never gives it")]
        station: u32,
    }
    let running = start();
    let chat = with_key(&running).chat();
    let failing = Tools::new().tool(weather(), |_: Place| async {
        Err("no such station".into())
    });
    let run = failing.run(&chat, v1(&running, QUESTION)).await.unwrap();
    let expected = "the tool failed: no such station";
    assert!(run.answer.text().contains(expected), "{:?}", run.answer);
    let wrong = Tools::new().tool(weather(), |_: Elsewhere| async { Ok(String::new()) });
    let run = wrong.run(&chat, v1(&running, QUESTION)).await.unwrap();
    let expected = "wrong arguments (missing field `station`";
    assert!(run.answer.text().contains(expected), "{:?}", run.answer);
}

#[tokio::test]
async fn an_error_of_a_tool_ends_the_run_where_that_is_wanted_and_a_mistake_of_the_model_never() {
    let running = start();
    let chat = with_key(&running).chat();
    let failing = || Tools::new().tool_errors(ToolErrors::Return);
    let tools = failing().tool(weather(), |_: Place| async {
        Ok(std::fs::read_to_string("/nowhere/report.txt")?)
    });
    let asked = count(&running, "createChatCompletionV1").await;
    let error = tools.run(&chat, v1(&running, QUESTION)).await.unwrap_err();
    assert!(error.is_cancelled());
    assert!(
        error
            .to_string()
            .starts_with("the tool get_weather failed: "),
        "{error}"
    );
    let own = error
        .source()
        .unwrap()
        .downcast_ref::<std::io::Error>()
        .unwrap();
    assert_eq!(own.kind(), std::io::ErrorKind::NotFound);
    let again = count(&running, "createChatCompletionV1").await;
    assert_eq!(again, asked + 1, "the model is not asked again");

    let ours = failing().tool(weather(), |_: Place| async {
        Err(pangulm::Error::invalid("city", "must be in Guizhou").into())
    });
    let error = ours.run(&chat, v1(&running, QUESTION)).await.unwrap_err();
    assert_eq!((error.field(), error.is_cancelled()), (Some("city"), false));

    let mistaken = failing().tool(weather(), |_: Vec<u8>| async { Ok(String::new()) });
    let run = mistaken.run(&chat, v1(&running, QUESTION)).await.unwrap();
    assert!(
        run.answer.text().contains("wrong arguments"),
        "{:?}",
        run.answer
    );
}

#[tokio::test]
async fn a_model_that_still_calls_in_the_last_round_is_stopped() {
    let running = start();
    let chat = with_key(&running).chat();
    let tools = Tools::new().tool(weather(), |_: Place| async {
        panic!("nobody would read what it says")
    });
    let request = v1(&running, QUESTION);
    let error = tools.max_rounds(1).run(&chat, request).await.unwrap_err();
    assert_eq!(error.field(), Some("max_rounds"));
    assert!(error.to_string().contains("asked 1 times"), "{error}");
}
