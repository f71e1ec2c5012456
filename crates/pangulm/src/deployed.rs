//! Calls to the deployment of one model: what all groups of methods that have one share.

use bytes::Bytes;
use pangulm_core::{Error, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::chat::to_json;
use crate::driver::{Driver, Request};
use crate::job::Job;

/// The driver, and the deployment that is called instead of the client's.
#[derive(Clone, Debug)]
pub(crate) struct Deployed {
    driver: Driver,
    deployment: Option<String>,
}

impl Deployed {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            driver,
            deployment: None,
        }
    }

    pub(crate) fn at(self, deployment: String) -> Self {
        Self {
            deployment: Some(deployment),
            ..self
        }
    }

    /// Calls an operation that takes no body.
    pub(crate) async fn get<T: DeserializeOwned>(&self, operation_id: &str) -> Result<T, Error> {
        self.call(Operation::find(operation_id)?, None).await
    }

    /// Calls an operation with a body.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        operation_id: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        let operation = Operation::find(operation_id)?;
        let body = Bytes::from(to_json(operation, body)?);
        self.call(operation, Some(body)).await
    }

    /// Starts a job.
    pub(crate) async fn start<T: DeserializeOwned>(
        &self,
        operation_id: &str,
        body: &impl Serialize,
    ) -> Result<Job<T>, Error> {
        let operation = Operation::find(operation_id)?;
        let body = to_json(operation, body)?;
        Job::start(&self.driver, operation, &self.parameters(), body).await
    }

    /// Takes up a job by its id and the operation that started it.
    pub(crate) fn resume<T: DeserializeOwned>(
        &self,
        operation_id: &str,
        id: &str,
    ) -> Result<Job<T>, Error> {
        let operation = Operation::find(operation_id)?;
        Job::resume(&self.driver, operation, &self.parameters(), id)
    }

    async fn call<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        body: Option<Bytes>,
    ) -> Result<T, Error> {
        let request = Request {
            operation,
            parameters: self.parameters(),
            body,
        };
        self.driver.call(request).await?.json()
    }

    fn parameters(&self) -> Vec<(&str, &str)> {
        let deployment = self.deployment.as_deref();
        deployment
            .map(|id| ("deployment_id", id))
            .into_iter()
            .collect()
    }
}
