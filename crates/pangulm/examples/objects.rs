//! Keeps objects in OBS: puts one, lists its folder, reads a part of it, shares it by a URL, deletes it.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_OBS_ENDPOINT=http://127.0.0.1:8787
//! export BUCKET=emulator-bucket
//! export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
//! export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
//! cargo run -p pangulm --example objects
//! ```

use std::time::Duration;

use pangulm::Client;
use pangulm::obs::ListOptions;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let bucket = client.obs().bucket(std::env::var("BUCKET")?);

    let key = "train/长江.jsonl";
    bucket.put(key, "{\"context\":\"介绍一下长江\"}\n").await?;
    let mut entries = bucket.list_with(ListOptions::new().prefix("train/"));
    while let Some(entry) = entries.next().await {
        println!("{}", entry?.key());
    }

    let part = bucket.get_range(key, 0..11).await?.bytes().await?;
    println!("{}", String::from_utf8_lossy(&part));

    // Whoever has the URL may read the object for ten minutes: no key is needed.
    let url = bucket.presign_get(key, Duration::from_secs(600)).await?;
    println!("a URL of {} characters", url.len());
    bucket.delete(key).await?;
    Ok(())
}
