//! Forecasts of weather and sea by scientific-computing models, as [`Job`]s.
//!
//! There are two generations of the interface. [`Science::tasks`] is the current one (v2), for weather
//! and precipitation. [`Science::weather`] and [`Science::ocean`] are the first one (v1): they read
//! their input from OBS and write their results there.
//!
//! The reference never prints the whole address of v1. Paste the call path that the console shows as
//! the client's endpoint, with or without `/tasks` at its end: it is called as it is. A client with a
//! project and a deployment calls `/v1/{project_id}/infer-api/proxy/service/{deployment_id}/tasks`,
//! which is inferred. At the edge, where there is no project, give the deployment's own address.

mod config;
mod place;

pub use self::config::EnsembleNoise;
pub use crate::generated::pangu::types::{
    EnsembleNoiseMethod, ForecastInput, ForecastOutput, ForecastPlace, ForecastTaskState,
    OceanTask, OceanTaskConfig, OceanTaskRequest, ScienceTask, ScienceTaskProgress,
    ScienceTaskRequest, ScienceTaskStatus, WeatherTask, WeatherTaskConfig, WeatherTaskRequest,
};

use std::fmt;
use std::marker::PhantomData;

use pangulm_core::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::driver::Driver;
use crate::job::Job;
use crate::service::Service;

/// Forecasts; from [`Client::science`](crate::Client::science).
#[derive(Clone, Debug)]
pub struct Science {
    service: Service,
}

impl Science {
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

    /// Forecasts of weather and precipitation, v2.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::science::ScienceTaskRequest;
    ///
    /// let request = ScienceTaskRequest::reading("global-weather", "obs://bucket/initial/");
    /// let mut job = client.science().tasks().create(request).await?;
    /// println!("{:?}", job.wait().await?.status);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tasks(&self) -> Tasks<ScienceTaskRequest, ScienceTask> {
        Tasks::new(&self.service, "createScienceTask")
    }

    /// Forecasts of weather and precipitation, v1.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::science::{ForecastPlace, WeatherTaskConfig, WeatherTaskRequest};
    ///
    /// let request = WeatherTaskRequest::new(
    ///     "three days",
    ///     [ForecastPlace::new("bucket", "initial/")],
    ///     ForecastPlace::new("bucket", "results/"),
    ///     WeatherTaskConfig::between("2017010100", "2017010200").lead_hours(72),
    /// );
    /// let task = client.science().weather().create(request).await?.wait().await?;
    /// println!("{} is {}", task.id, task.state);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn weather(&self) -> Tasks<WeatherTaskRequest, WeatherTask> {
        Tasks::new(&self.service, "createWeatherTask")
    }

    /// Forecasts of the sea, v1.
    #[must_use]
    pub fn ocean(&self) -> Tasks<OceanTaskRequest, OceanTask> {
        Tasks::new(&self.service, "createOceanTask")
    }
}

/// One kind of forecast: `R` starts it, `T` tells how it stands.
pub struct Tasks<R, T> {
    service: Service,
    create: &'static str,
    kind: PhantomData<fn(R) -> T>,
}

impl<R: Serialize, T: DeserializeOwned> Tasks<R, T> {
    fn new(service: &Service, create: &'static str) -> Self {
        Self {
            service: service.clone(),
            create,
            kind: PhantomData,
        }
    }

    /// Starts a forecast. It is never started twice by itself.
    ///
    /// # Errors
    /// The request breaks a documented rule, the answer names no job, or the call failed.
    pub async fn create(&self, request: R) -> Result<Job<T>, Error> {
        self.service.start(self.create, &request).await
    }

    /// How a forecast stands, once.
    ///
    /// # Errors
    /// There is no such job, or the call failed.
    pub async fn get(&self, id: &str) -> Result<T, Error> {
        let status = self.resume(id)?.status().await?;
        Ok(status.answer)
    }

    /// Takes up a forecast by its id, to follow it.
    ///
    /// # Errors
    /// The id is empty.
    pub fn resume(&self, id: &str) -> Result<Job<T>, Error> {
        self.service.resume(self.create, id)
    }
}

impl<R, T> fmt::Debug for Tasks<R, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tasks")
            .field("create", &self.create)
            .finish_non_exhaustive()
    }
}
