//! Shows what was made out of the data below a path in OBS, and deletes one of the data sets for good.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export WORKSPACE=2b7e6f0c-91d4-4a53-8c1e-6d0f5a9b3e72
//! export HUAWEICLOUD_SDK_AK=EMULATORACCESSKEY001
//! export HUAWEICLOUD_SDK_SK=emulator-secret-access-key-0000000000001
//! cargo run -p pangulm --example lineage
//! ```

use pangulm::Client;
use pangulm::data::{DatasetCatalog, DatasetDeletion};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let workspace = std::env::var("WORKSPACE")?;
    let data = Client::from_env()?.data();
    for step in data
        .lineages(&workspace, "emulator-bucket/rivers", 100)
        .await?
    {
        let from = step.from_path.or(step.from_name).unwrap_or_default();
        println!("{from} -> {}", step.to_name.unwrap_or_default());
    }
    let old = DatasetDeletion::named("river-questions-final").in_catalog(DatasetCatalog::Publish);
    let deleted = data.delete_dataset(&workspace, old).await?.is_deleted();
    println!("deleted: {deleted}");
    Ok(())
}
