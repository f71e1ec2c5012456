//! Asks a model that sees about a picture, and counts what the words of the question cost before.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example picture
//! ```
//!
//! Name an image file after `--`; without one, a small grey picture is sent.

use pangulm::Client;
use pangulm::chat::{ChatRequest, ContentPart, Message};

/// 64 x 48 pixels of one colour.
const GREY: &str = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAQ0lEQVR42u3PQQkAAAgEsItmFCMZ2Qp+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQErhaAX0DTAer7iAAAAABJRU5ErkJggg==";

const QUESTION: &str = "图中有什么?";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let count = client.tokens().count([QUESTION]).await?;
    println!(
        "{} tokens: {}",
        count.token_number,
        count.tokens.join(" | ")
    );

    // V2 takes images in another form: `ContentPart::image_data`.
    let picture = match std::env::args_os().nth(1) {
        Some(path) => ContentPart::image_file(path)?,
        None => ContentPart::image_base64(GREY),
    };
    let question = Message::user([picture, ContentPart::text(QUESTION)]);
    let answer = client.chat().create(ChatRequest::new([question])).await?;
    println!("{}", answer.text());
    Ok(())
}
