//! Forecasts the weather: puts an initial field into OBS, runs the forecast, fetches its results.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-ai4s-weather/tasks
//! export PANGU_API_KEY=emulator-api-key
//! export PANGU_OBS_ENDPOINT=http://127.0.0.1:8787
//! export BUCKET=emulator-bucket
//! export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
//! export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
//! cargo run -p pangulm --example science_job
//! ```

use pangulm::Client;
use pangulm::obs::ListOptions;
use pangulm::science::{ForecastPlace, WeatherTaskConfig, WeatherTaskRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::var("BUCKET")?;
    let client = Client::from_env()?;
    let bucket = client.obs().bucket(&name);
    // The platform wants a field in its model's own format here; the emulator takes anything.
    bucket.put("initial/field.nc", "an initial field").await?;

    let request = WeatherTaskRequest::new(
        "three days ahead",
        [ForecastPlace::new(&name, "initial/")],
        ForecastPlace::new(&name, "results/"),
        WeatherTaskConfig::between("2017010100", "2017010200").lead_hours(72),
    );
    let mut job = client.science().weather().create(request).await?;
    println!("started {}", job.id());
    println!("{}", job.wait().await?.state);

    let mut results = bucket.list_with(ListOptions::new().prefix("results/"));
    while let Some(entry) = results.next().await {
        let entry = entry?;
        let file = bucket.get(entry.key()).await?.bytes().await?;
        println!("{}: {} bytes", entry.key(), file.len());
    }
    Ok(())
}
