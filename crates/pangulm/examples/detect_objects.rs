//! Finds objects in an image and prints where they are.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=emulated-cv-object-detection-s-2-1-0
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example detect_objects
//! ```
//!
//! Name an image file after `--`; without one, a small grey picture is sent.

use pangulm::vision::{DetectRequest, Image};
use pangulm::{Client, Error};

/// 64 x 48 pixels of one colour.
const GREY: &str = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAQ0lEQVR42u3PQQkAAAgEsItmFCMZ2Qp+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQErhaAX0DTAer7iAAAAABJRU5ErkJggg==";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let image = match std::env::args_os().nth(1) {
        Some(path) => Image::open(path)?,
        None => Image::from_base64(GREY),
    };
    let request = DetectRequest::new(image).threshold(0.5);
    let found = client.vision().detect(request).await?;
    for thing in &found.items {
        let at = thing.bounds;
        println!(
            "{} ({:.0} %): {} x {} pixels at {}, {}",
            thing.label,
            thing.score.unwrap_or_default() * 100.0,
            at.width,
            at.height,
            at.x,
            at.y
        );
    }
    Ok(())
}
