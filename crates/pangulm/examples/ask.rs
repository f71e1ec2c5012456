//! Streams the answer to one question to the terminal, then says what it used.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example ask -- 介绍一下长江
//! ```

use std::io::{self, Write};

use pangulm::Client;
use pangulm::chat::{ChatRequest, Message};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let question = match words.join(" ") {
        none if none.is_empty() => "介绍一下长江".to_owned(),
        question => question,
    };
    let client = Client::from_env()?;
    let request = ChatRequest::new([Message::user(question)]);
    let mut stream = client.chat().stream(request).await?;
    let mut out = io::stdout();
    while let Some(chunk) = stream.next().await {
        out.write_all(chunk?.text().as_bytes())?;
        out.flush()?;
    }
    match stream.partial()?.usage {
        Some(usage) => println!(
            "\n[{} tokens: {} asked, {} answered]",
            usage.total_tokens, usage.prompt_tokens, usage.completion_tokens
        ),
        None => println!("\n[the service did not say how many tokens it used]"),
    }
    Ok(())
}
