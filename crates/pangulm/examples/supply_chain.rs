//! Asks a supply-chain model what it knows and what its forecasts depend on, and forecasts anew.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/infer-api/proxy/service/emulated-supply-chain
//! export PANGU_API_KEY=emulator-api-key
//! export PANGU_OBS_ENDPOINT=http://127.0.0.1:8787 BUCKET=emulator-bucket
//! export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
//! export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
//! cargo run -p pangulm --example supply_chain
//! ```

use pangulm::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let chain = client.supply_chain();
    println!("{}", chain.items().await?.items.join(", "));
    for (item, covariates) in chain.feature_importance("型号").await?.iter() {
        println!("{item}: {covariates:?}");
    }

    let name = std::env::var("BUCKET")?;
    // The platform wants the files that training takes here; the emulator takes anything.
    let sales = "month,item,sold\n2026-06,生活家电/空调,1200\n";
    let bucket = client.obs().bucket(&name);
    bucket.put("demand/sales.csv", sales).await?;
    let mut job = chain.inference(format!("obs://{name}/demand")).await?;
    println!("started {}", job.id());
    println!("{}", job.wait().await?.info.unwrap_or_default());
    Ok(())
}
