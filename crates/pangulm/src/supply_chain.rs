//! Forecasts of demand for supply chains.

pub use crate::generated::pangu::types::{
    SupplyFeatureImportance, SupplyInference, SupplyInferenceStatus, SupplyItems, SupplyPredictions,
};

use pangulm_core::Error;
use serde_json::{Value, json};

use crate::driver::Driver;
use crate::job::Job;
use crate::service::Service;

/// Looks demand up and forecasts it anew; from [`Client::supply_chain`](crate::Client::supply_chain).
#[derive(Clone, Debug)]
pub struct SupplyChain {
    service: Service,
}

impl SupplyChain {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            service: Service::new(driver),
        }
    }

    /// Asks this deployment instead of the client's.
    #[must_use]
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.service.deployment = Some(id.into());
        self
    }

    /// What forecasts can be asked for.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// for item in client.supply_chain().items().await?.items {
    ///     println!("{item}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn items(&self) -> Result<SupplyItems, Error> {
        self.service.get("listSupplyItems").await
    }

    /// Looks forecasts up. Neither the body nor the answer could be read in the reference, so both
    /// are as open as JSON.
    ///
    /// # Errors
    /// The body is no object, or the call failed.
    pub async fn predictions(&self, body: &Value) -> Result<SupplyPredictions, Error> {
        self.service.ask("querySupplyPredictions", body).await
    }

    /// How much each covariate weighs for each item of a level, such as `型号`. It must be one that
    /// the model was trained for, and whose items have covariates.
    ///
    /// # Errors
    /// There is no such level, or the call failed.
    pub async fn feature_importance(
        &self,
        level: impl Into<String>,
    ) -> Result<SupplyFeatureImportance, Error> {
        let body = json!({"level": level.into()});
        self.service
            .ask("querySupplyFeatureImportance", &body)
            .await
    }

    /// Starts a new forecast from files in OBS, such as `obs://bucket_name/path/to/data`, laid out as
    /// those for training. The bucket's policy must grant `Get*` and `ListBucket`.
    ///
    /// # Errors
    /// The path is not one of OBS, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// let mut job = client.supply_chain().inference("obs://bucket/demand").await?;
    /// println!("{:?}", job.wait().await?.info);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inference(
        &self,
        obs_path: impl Into<String>,
    ) -> Result<Job<SupplyInference>, Error> {
        let body = json!({"obs_path": obs_path.into()});
        self.service.start(INFERENCE, &body).await
    }

    /// Takes up a forecast by its id, to follow it or to ask once how it stands.
    ///
    /// # Errors
    /// The id is empty.
    pub fn resume(&self, id: &str) -> Result<Job<SupplyInference>, Error> {
        self.service.resume(INFERENCE, id)
    }
}

const INFERENCE: &str = "createSupplyInference";
