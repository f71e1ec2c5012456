//! Continues a series by a day.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=emulated-series-forecast
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example forecast
//! ```

use pangulm::prediction::{Columns, ForecastRequest};
use pangulm::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    // Four days of hours: the load rises to noon and falls to midnight.
    let load = (0..96_u32).map(|hour| 900 - 50 * (hour % 24).abs_diff(12));
    let history = Columns::new().column("load", load);
    let request = ForecastRequest::new([history])
        .context_len(96)
        .prediction_len(24);
    let forecast = client.prediction().forecast(request).await?;
    for item in &forecast.data {
        for (column, values) in &item.prediction {
            println!("{column} tomorrow, hour by hour: {values:?}");
        }
    }
    Ok(())
}
