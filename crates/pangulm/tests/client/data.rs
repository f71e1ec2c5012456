//! Data sets.

use futures_util::TryStreamExt;
use pangulm::data::{DatasetCatalog, DatasetDeletion, LineageType};
use serde_json::Value;

use crate::support::{requests, start, with_key, with_password};

#[tokio::test]
async fn lineages_and_deletions_are_those_of_the_workspace() {
    let running = start();
    let data = with_password(&running).build().unwrap().data();
    let workspace = &running.info.workspace_id;
    let steps = || data.lineages(workspace, "emulator-bucket/rivers", 100);
    let before = steps().await.unwrap();
    assert_eq!(before.len(), 3);
    assert_eq!(before[0].from_type, Some(LineageType::Obs));
    assert_eq!(before[2].to_catalog, Some(DatasetCatalog::Publish));

    let old = DatasetDeletion::named("river-questions-final")
        .in_catalog(DatasetCatalog::Publish)
        .with_objects();
    for deleted in [true, false] {
        let answer = data.delete_dataset(workspace, old.clone()).await.unwrap();
        assert_eq!(answer.is_deleted(), deleted);
    }
    assert_eq!(steps().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_that_comes_whole_is_a_stream_of_items_like_any_other() {
    let running = start();
    let client = with_password(&running).build().unwrap();
    let count = async |id: &str, parameters: &[(&str, &str)]| {
        let items = client.list::<Value>(id, parameters).unwrap();
        items.try_collect::<Vec<_>>().await.unwrap().len()
    };
    assert_eq!(count("listUsers", &[]).await, 1);
    let deployment = [("deployment_id", "emulated-supply-chain")];
    assert_eq!(count("listSupplyItems", &deployment).await, 2);
    let path = [
        ("workspace_id", running.info.workspace_id.as_str()),
        ("from_path", "emulator-bucket/rivers"),
    ];
    assert_eq!(count("listDataLineages", &path).await, 3);
    let two = [path[0], path[1], ("limit", "2")];
    assert_eq!(count("listDataLineages", &two).await, 2);
    let refused = client.list::<Value>("countTokens", &[]).err().unwrap();
    assert!(refused.is_invalid_input(), "{refused}");
}

#[tokio::test]
async fn documented_limits_and_credentials_are_refused_before_anything_is_sent() {
    let running = start();
    let data = with_password(&running).build().unwrap().data();
    for limit in [0, 1_001] {
        let error = data.lineages("w", "bucket", limit).await.unwrap_err();
        assert_eq!(error.field(), Some("limit"), "{error}");
    }
    for name in ["", "a b", &"a".repeat(129)] {
        let deletion = DatasetDeletion::named(name);
        let error = data.delete_dataset("w", deletion).await.unwrap_err();
        assert_eq!(error.field(), Some("dataset_name"), "{error}");
    }
    let data = with_key(&running).data();
    let error = data.lineages("w", "bucket", 1).await.unwrap_err();
    assert!(error.is_auth() && error.attempts() == 0, "{error}");
    assert_eq!(requests(&running).await.len(), 0);
}
