//! Streams an answer as a `Stream`, tells a cut answer from a whole one, and stops early.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example stream
//! ```

use futures_util::{StreamExt, TryStreamExt};
use pangulm::chat::{ChatRequest, Message};
use pangulm::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let request = ChatRequest::new([Message::user("介绍一下长江")]);

    // The whole answer, put together; what had arrived stays when it fails.
    let mut stream = client.chat().stream(request.clone()).await?;
    match stream.final_message().await {
        Ok(answer) => println!("{}", answer.text()),
        Err(error) => println!("{error}; so far: {}", stream.partial()?.text()),
    }

    // Any combinator works on it. Dropping it after five chunks ends the generation.
    let stream = client.chat().stream(request).await?;
    let pieces = stream.take(5).map_ok(|chunk| chunk.text().to_owned());
    println!("{:?}", pieces.try_collect::<Vec<_>>().await?);
    Ok(())
}
