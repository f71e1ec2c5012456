//! Signs its requests with an access key pair (AK/SK).
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export HUAWEICLOUD_SDK_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
//! export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
//! cargo run -p pangulm --example ak_sk
//! ```

use pangulm::Client;
use pangulm::chat::{ChatRequest, Message};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `Client::from_env()` reads the same variables; here the key pair is given by hand.
    let client = Client::builder()
        .endpoint(std::env::var("PANGU_ENDPOINT")?)
        .project_id(std::env::var("HUAWEICLOUD_SDK_PROJECT_ID")?)
        .deployment(std::env::var("PANGU_DEPLOYMENT_ID")?)
        .access_key(
            std::env::var("HUAWEICLOUD_SDK_AK")?,
            &std::env::var("HUAWEICLOUD_SDK_SK")?,
        )
        .build()?;
    let request = ChatRequest::new([Message::user("介绍一下长江")]);
    println!("{}", client.chat().create(request).await?.text());
    Ok(())
}
