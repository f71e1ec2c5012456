//! Runs a workflow that asks back, answers its question, and runs it once more event by event.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_WORKFLOW_ID=b1f7d2a8-6c35-4e09-8f4b-9a0e3c5d7b12
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example workflow
//! ```

use std::error::Error;

use pangulm::Client;
use pangulm::agents::WorkflowRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let workflow = std::env::var("PANGU_WORKFLOW_ID")?;
    let say = |text: &str| WorkflowRequest::new(&workflow).input("query", text);

    let mut answer = client.workflows().run(say("预订会议室")).await?;
    if let (Some(question), Some(id)) = (answer.question(), answer.conversation_id.clone()) {
        println!("{question}");
        let reply = say("明天下午三点").conversation_id(id);
        answer = client.workflows().run(reply).await?;
    }
    println!("{}", answer.text().unwrap_or_default());

    let mut run = client.workflows().stream(say("预订会议室")).await?;
    let mut events = 0;
    while let Some(event) = run.next().await {
        event?;
        events += 1;
    }
    let outcome = run.finish().await?;
    println!("{events} events, end confirmed: {}", outcome.end_confirmed);
    Ok(())
}
