//! Where forecasts read and write.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    ForecastInput, ForecastOutput, ForecastPlace, OceanTaskConfig, OceanTaskRequest,
    ScienceTaskRequest, WeatherTaskConfig, WeatherTaskRequest,
};

impl ForecastPlace {
    /// A folder in a bucket of OBS, such as `path/to/data/`.
    #[must_use]
    pub fn new(bucket: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            path: path.into(),
            extra: Map::new(),
        }
    }
}

fn input(places: impl IntoIterator<Item = ForecastPlace>) -> ForecastInput {
    ForecastInput {
        type_: "obs".to_owned(),
        data: places.into_iter().collect(),
        extra: Map::new(),
    }
}

fn output(place: ForecastPlace) -> ForecastOutput {
    ForecastOutput {
        obs: place,
        extra: Map::new(),
    }
}

impl WeatherTaskRequest {
    /// A forecast that reads initial fields from `inputs` and writes its results to `results`.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        inputs: impl IntoIterator<Item = ForecastPlace>,
        results: ForecastPlace,
        config: WeatherTaskConfig,
    ) -> Self {
        Self {
            name: name.into(),
            input: input(inputs),
            output: output(results),
            config,
            extra: Map::new(),
        }
    }
}

impl OceanTaskRequest {
    /// A forecast that reads initial fields from `inputs` and writes its results to `results`.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        inputs: impl IntoIterator<Item = ForecastPlace>,
        results: ForecastPlace,
        config: OceanTaskConfig,
    ) -> Self {
        Self {
            name: name.into(),
            input: input(inputs),
            output: output(results),
            config,
            extra: Map::new(),
        }
    }
}

impl ScienceTaskRequest {
    /// A forecast whose model, such as `global-weather`, reads from this address, such as
    /// `obs://path/to/data/`.
    #[must_use]
    pub fn reading(model: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            models: None,
            data_dirs: Some(HashMap::from([(model.into(), address.into())])),
            extra: Map::new(),
        }
    }

    /// Where a further model reads from.
    #[must_use]
    pub fn and_reading(mut self, model: impl Into<String>, address: impl Into<String>) -> Self {
        let dirs = self.data_dirs.get_or_insert_default();
        dirs.insert(model.into(), address.into());
        self
    }

    /// Runs only these of the deployed models. Default: all.
    #[must_use]
    pub fn only<M: Into<String>>(mut self, models: impl IntoIterator<Item = M>) -> Self {
        self.models = Some(models.into_iter().map(Into::into).collect());
        self
    }

    /// Sets a member that this version does not know: the page's table could not be read whole.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}
