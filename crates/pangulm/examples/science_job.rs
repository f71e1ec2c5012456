//! Forecasts the weather from an initial field in OBS.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-ai4s-weather/tasks
//! export PANGU_API_KEY=emulator-api-key
//! export OBS_BUCKET=emulator-bucket
//! cargo run -p pangulm --example science_job
//! ```

use pangulm::Client;
use pangulm::science::{ForecastPlace, WeatherTaskConfig, WeatherTaskRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bucket = std::env::var("OBS_BUCKET")?;
    let client = Client::from_env()?;
    let request = WeatherTaskRequest::new(
        "three days ahead",
        [ForecastPlace::new(&bucket, "initial/")],
        ForecastPlace::new(&bucket, "results/"),
        WeatherTaskConfig::between("2017010100", "2017010200").lead_hours(72),
    );
    let mut job = client.science().weather().create(request).await?;
    println!("started {}", job.id());
    let task = job.wait().await?;
    println!(
        "{}: the results are under obs://{bucket}/results/",
        task.state
    );
    Ok(())
}
