//! Calls with IAM tokens: fetched with a user's name and password, shared, renewed in time.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export HUAWEICLOUD_SDK_IAM_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export IAM_DOMAIN=emulator-account IAM_USER=emulator-user IAM_PASSWORD=emulator-password
//! cargo run -p pangulm --example token
//! ```

use pangulm::ClientBuilder;
use pangulm::chat::{ChatRequest, Message};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?
        .password(
            std::env::var("IAM_DOMAIN")?,
            std::env::var("IAM_USER")?,
            &std::env::var("IAM_PASSWORD")?,
        )
        .build()?;
    let request = ChatRequest::new([Message::user("介绍一下长江")]);
    println!("{}", client.chat().create(request.clone()).await?.text());
    // The second call uses the same token.
    println!("{}", client.chat().create(request).await?.text());
    Ok(())
}
