//! Lets the model call a function until it has its answer.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example tools
//! ```

use pangulm::chat::{ChatRequest, Message, Tool, ToolCall};
use pangulm::{Client, Error};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Place {
    city: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let weather = Tool::function("get_weather")
        .description("The weather in a city, now")
        .parameters(json!({
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        }));
    let question = Message::user("What is the weather in Guiyang?");
    let mut request = ChatRequest::new([question]).tool(weather);
    // A model that calls forever is stopped.
    for _ in 0..5 {
        let answer = client.chat().create(request.clone()).await?;
        if answer.tool_calls().is_empty() {
            println!("{}", answer.text());
            break;
        }
        request = request.message(answer.message());
        for call in answer.tool_calls() {
            println!("{}({})", call.name(), call.arguments());
            request = request.message(Message::tool(call.id(), run(call)));
        }
    }
    Ok(())
}

/// What the tool says, also when the model called it wrongly: the model can then do better.
fn run(call: &ToolCall) -> String {
    match call.parse_arguments::<Place>() {
        Ok(place) => format!("sunny, 24 °C in {}", place.city),
        Err(error) => error.to_string(),
    }
}
