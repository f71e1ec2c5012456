//! Makes a video out of a text, says how it stands on the way, and names the file.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/alg-infer/aigc-text-video/service/emulated-aigc-text-video/videos
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example video
//! ```

use futures_util::{TryStreamExt, pin_mut};
use pangulm::Client;
use pangulm::video::TextVideoRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let request = TextVideoRequest::new("长江日出,江面上有一只小船")
        .duration(5)
        .aspect_ratio("16:9");
    let job = client.video().from_text(request).await?;
    println!("started {}", job.id());
    let states = job.states();
    pin_mut!(states);
    while let Some(status) = states.try_next().await? {
        println!("{}", status.state);
        if let Some(url) = status.answer.video_url {
            println!("{url}");
        }
    }
    Ok(())
}
