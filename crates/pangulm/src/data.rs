//! Data sets of a workspace: where they came from, and deleting them for good.

pub use crate::generated::pangu::types::{
    DataLineage, DatasetCatalog, DatasetDeleted, DatasetDeletion, DatasetResult, LineageType,
};

use bytes::Bytes;
use pangulm_core::{Error, Operation};
use serde_json::Map;

use crate::chat::to_json;
use crate::driver::{Driver, Request};
use crate::generated::pangu::types::DataLineages;

/// Asks about data; from [`Client::data`](crate::Client::data). IAM users need the permission for it,
/// and an API key does not serve here.
#[derive(Clone, Debug)]
pub struct Data {
    driver: Driver,
}

impl Data {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Lists what was made out of the objects under a path in OBS: `bucket/folder1/folder2`, without
    /// `obs://`. `limit` is 1 to 1000; what is beyond cannot be asked for.
    ///
    /// # Errors
    /// The limit is out of range, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// for step in client.data().lineages("WORKSPACE", "bucket/rivers", 100).await? {
    ///     println!("{:?} -> {:?}", step.from_path.or(step.from_name), step.to_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn lineages(
        &self,
        workspace_id: &str,
        from_path: &str,
        limit: u32,
    ) -> Result<Vec<DataLineage>, Error> {
        let limit = limit.to_string();
        let request = Request {
            operation: Operation::find("listDataLineages")?,
            parameters: vec![
                ("workspace_id", workspace_id),
                ("from_path", from_path),
                ("limit", &limit),
            ],
            body: None,
        };
        let page: DataLineages = self.driver.call(request).await?.json()?;
        Ok(page.lineages)
    }

    /// Deletes a data set so that it cannot be restored. It is never sent twice.
    ///
    /// # Errors
    /// The name is not one of a data set, or the call failed. That the data set could not be deleted
    /// is no error of the call: see [`is_deleted`](DatasetDeleted::is_deleted).
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::data::{DatasetCatalog, DatasetDeletion};
    ///
    /// let old = DatasetDeletion::named("river-questions").in_catalog(DatasetCatalog::Original);
    /// let answer = client.data().delete_dataset("WORKSPACE", old).await?;
    /// assert!(answer.is_deleted());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_dataset(
        &self,
        workspace_id: &str,
        deletion: DatasetDeletion,
    ) -> Result<DatasetDeleted, Error> {
        let operation = Operation::find("deleteDatasetPermanently")?;
        let request = Request {
            operation,
            parameters: vec![("workspace_id", workspace_id)],
            body: Some(Bytes::from(to_json(operation, &deletion)?)),
        };
        self.driver.call(request).await?.json()
    }
}

impl DatasetDeletion {
    /// Deletes the data set of this name: 1 to 128 Chinese characters, letters, digits, `-` and `_`.
    /// Its objects in OBS stay.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            dataset_name: name.into(),
            catalog: None,
            delete_obs: None,
            extra: Map::new(),
        }
    }

    /// Only if it is of this kind.
    #[must_use]
    pub fn in_catalog(mut self, catalog: DatasetCatalog) -> Self {
        self.catalog = Some(catalog);
        self
    }

    /// Deletes its objects in OBS too.
    #[must_use]
    pub fn with_objects(mut self) -> Self {
        self.delete_obs = Some(true);
        self
    }
}

impl DatasetDeleted {
    /// Whether the data set is gone, in whichever of the two documented shapes the answer says so.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        let listed = self.dataset_operation_resp.as_deref().unwrap_or_default();
        let listed = listed.first().and_then(|only| only.result);
        self.result.or(listed).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_documented_shapes_say_whether_it_is_deleted() {
        for (json, deleted) in [
            (
                r#"{"dataset_name":"a","catalog":"ORIGINAL","result":true}"#,
                true,
            ),
            (
                r#"{"DatasetOperationResp":[{"dataset_name":"a","result":true}]}"#,
                true,
            ),
            (r#"{"result":false}"#, false),
            ("{}", false),
        ] {
            let answer: DatasetDeleted = serde_json::from_str(json).unwrap();
            assert_eq!(answer.is_deleted(), deleted, "{json}");
        }
    }
}
