//! Asks an agent, watches what it does, and goes on with the conversation.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_AGENT_ID=8d0c4b7e-2f61-4a9d-9b3e-5c7a1f0e6d24
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example agent
//! ```

use std::error::Error;

use pangulm::Client;
use pangulm::agents::{AgentEventType, AgentRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let agent = std::env::var("PANGU_AGENT_ID")?;

    let question = AgentRequest::new(&agent, "贵阳今天的天气怎么样?");
    let mut run = client.agents().run(question).await?;
    while let Some(event) = run.next().await {
        let event = event?;
        match &event.event {
            AgentEventType::Message => print!("{}", event.text()),
            AgentEventType::StatisticData => println!(),
            AgentEventType::SummaryResponse => {}
            other => println!("[{}]", other.as_str()),
        }
    }

    let more = AgentRequest::new(&agent, "明天呢?").conversation_id(run.conversation_id());
    let outcome = client.agents().run(more).await?.finish().await?;
    println!("{}", outcome.content);
    Ok(())
}
