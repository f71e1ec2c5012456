//! Continues a text, whole and piece by piece.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example complete
//! ```

use pangulm::text::TextRequest;
use pangulm::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let request = TextRequest::new("长江是").temperature(0.3).max_tokens(200);
    let whole = client.text().complete(request.clone()).await?;
    println!("{}", whole.text());
    println!("{:?}", whole.usage);

    let mut stream = client.text().stream(request).await?;
    while let Some(chunk) = stream.next().await {
        print!("{}", chunk?.text());
    }
    println!();
    Ok(())
}
