//! Calls to a deployed model: what all groups of methods share whose models are deployed apart.

use bytes::Bytes;
use pangulm_core::{Error, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::chat::to_json;
use crate::driver::{Driver, Request};
use crate::job::Job;
use crate::response::Response;

/// Calls a deployed model: the client's, or the one that is named.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    driver: Driver,
    pub(crate) deployment: Option<String>,
}

#[allow(dead_code, reason = "each area takes another part of it")]
impl Service {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            driver,
            deployment: None,
        }
    }

    pub(crate) async fn call(
        &self,
        operation_id: &str,
        body: impl Serialize,
    ) -> Result<Response, Error> {
        let operation = Operation::find(operation_id)?;
        let body = to_json(operation, &body)?;
        let request = Request {
            operation,
            parameters: self.parameters(),
            body: Some(Bytes::from(body)),
        };
        self.driver.call(request).await
    }

    pub(crate) async fn ask<A: DeserializeOwned>(
        &self,
        operation_id: &str,
        body: impl Serialize,
    ) -> Result<A, Error> {
        self.call(operation_id, body).await?.json()
    }

    /// Calls an operation that takes no body.
    pub(crate) async fn get<A: DeserializeOwned>(&self, operation_id: &str) -> Result<A, Error> {
        let request = Request {
            operation: Operation::find(operation_id)?,
            parameters: self.parameters(),
            body: None,
        };
        self.driver.call(request).await?.json()
    }

    /// Starts a job.
    pub(crate) async fn start<A: DeserializeOwned>(
        &self,
        operation_id: &str,
        body: impl Serialize,
    ) -> Result<Job<A>, Error> {
        let operation = Operation::find(operation_id)?;
        let body = to_json(operation, &body)?;
        Job::start(&self.driver, operation, &self.parameters(), body).await
    }

    /// Takes up a job by its id and the operation that started it.
    pub(crate) fn resume<A: DeserializeOwned>(
        &self,
        operation_id: &str,
        id: &str,
    ) -> Result<Job<A>, Error> {
        let operation = Operation::find(operation_id)?;
        Job::resume(&self.driver, operation, &self.parameters(), id)
    }

    fn parameters(&self) -> Vec<(&str, &str)> {
        let deployment = self.deployment.as_deref();
        let named = deployment.map(|id| ("deployment_id", id));
        named.into_iter().collect()
    }
}

/// Methods of a generated request that set an optional member and give the request back.
#[cfg(any(feature = "prediction", feature = "vision"))]
macro_rules! setters {
    ($request:ident { $($(#[$doc:meta])* $name:ident: $type:ty,)* }) => {
        impl $request {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(mut self, value: $type) -> Self {
                    self.$name = Some(value.into());
                    self
                }
            )*

            /// Sets a member that this version does not know. It is sent as it is.
            #[must_use]
            pub fn extra(
                mut self,
                name: impl Into<String>,
                value: impl Into<::serde_json::Value>,
            ) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }
    };
}

#[cfg(any(feature = "prediction", feature = "vision"))]
pub(crate) use setters;
