//! Data sets.

use pangulm::data::{DatasetCatalog, DatasetDeletion, LineageType};

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
