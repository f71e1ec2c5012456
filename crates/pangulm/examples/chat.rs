//! Asks one question and prints the whole answer.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example chat
//! ```
//!
//! With `PANGU_MODEL` in place of `PANGU_DEPLOYMENT_ID` the same program uses V2.

use pangulm::chat::{ChatRequest, Message};
use pangulm::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let request = ChatRequest::new([
        Message::system("请简短回答。"),
        Message::user("介绍下长江,以及长江中典型的鱼类"),
    ])
    .temperature(0.3)
    .max_tokens(600);
    let answer = client.chat().create(request).await?;
    println!("{}", answer.text());
    println!("{:?}", answer.usage);
    Ok(())
}
