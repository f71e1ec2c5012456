//! What to forecast, and how.

use serde_json::Map;

use super::{EnsembleNoiseMethod, OceanTaskConfig, WeatherTaskConfig};

impl WeatherTaskConfig {
    /// Forecasts from each initial time between two, both written as `YYYYMMDDHH`.
    #[must_use]
    pub fn between(begin: impl Into<String>, end: impl Into<String>) -> Self {
        Self {
            start_time_begin: begin.into(),
            start_time_end: end.into(),
            start_time_interval_hours: None,
            forecast_lead_hours: None,
            draw_figures: None,
            forecast_features: None,
            num_ensembles: None,
            ensemble_forecast_features: None,
            ensemble_noise_method: None,
            ensemble_noise_perlin_scale: None,
            ensemble_noise_perlin_octave: None,
            ensemble_noise_perlin_x: None,
            ensemble_noise_perlin_y: None,
            ensemble_cnop_initial_quantity: None,
            extra: Map::new(),
        }
    }

    /// Hours between initial times, 1 to 24. Default: 6.
    #[must_use]
    pub fn interval_hours(mut self, hours: u32) -> Self {
        self.start_time_interval_hours = Some(hours.into());
        self
    }

    /// How many hours to forecast. Default: 168; the most is 336 (inferred).
    #[must_use]
    pub fn lead_hours(mut self, hours: u32) -> Self {
        self.forecast_lead_hours = Some(hours.into());
        self
    }

    /// Draws no figures. Default: figures are drawn.
    #[must_use]
    pub fn without_figures(mut self) -> Self {
        self.draw_figures = Some("false".to_owned());
        self
    }

    /// What is put out, such as `Surface:U;1000:T`. The grammar is inferred from the one example.
    #[must_use]
    pub fn features(mut self, features: impl Into<String>) -> Self {
        self.forecast_features = Some(features.into());
        self
    }

    /// Forecasts with an ensemble of 2 to 10 members too, perturbed by this noise.
    #[must_use]
    pub fn ensemble(mut self, members: u32, noise: EnsembleNoise) -> Self {
        self.num_ensembles = Some(members.into());
        match noise {
            EnsembleNoise::Perlin { scale, octave } => {
                self.ensemble_noise_method = Some(EnsembleNoiseMethod::Perlin);
                self.ensemble_noise_perlin_scale = Some(scale);
                self.ensemble_noise_perlin_octave = Some(octave.into());
            }
            EnsembleNoise::Cnop { initial_quantity } => {
                self.ensemble_noise_method = Some(EnsembleNoiseMethod::Cnop);
                self.ensemble_cnop_initial_quantity = Some(initial_quantity.into());
            }
        }
        self
    }

    /// Perlin noise along x and y, such as 0.5 each. Their ranges could not be read; the service has
    /// its own where they are absent.
    #[must_use]
    pub fn perlin_xy(mut self, x: f64, y: f64) -> Self {
        self.ensemble_noise_perlin_x = Some(x);
        self.ensemble_noise_perlin_y = Some(y);
        self
    }

    /// What the ensemble puts out, in the grammar of [`features`](Self::features).
    #[must_use]
    pub fn ensemble_features(mut self, features: impl Into<String>) -> Self {
        self.ensemble_forecast_features = Some(features.into());
        self
    }
}

/// How the members of an ensemble are perturbed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum EnsembleNoise {
    /// Perlin noise.
    Perlin {
        /// Its strength, more than 0 and less than 0.5.
        scale: f64,
        /// Its octaves, such as 3. The range could not be read.
        octave: u32,
    },
    /// Conditional nonlinear optimal perturbation.
    Cnop {
        /// The number of initial perturbations. The range could not be read.
        initial_quantity: u32,
    },
}

impl OceanTaskConfig {
    /// Forecasts from each initial time between two, both written as `YYYYMMDDHH`.
    #[must_use]
    pub fn between(begin: impl Into<String>, end: impl Into<String>) -> Self {
        Self {
            start_time_begin: begin.into(),
            start_time_end: end.into(),
            start_time_interval_hours: None,
            forecast_lead_hours: None,
            draw_figures: None,
            forecast_features: None,
            extra: Map::new(),
        }
    }

    /// Hours between initial times, 1 to 24. Default: 6.
    #[must_use]
    pub fn interval_hours(mut self, hours: u32) -> Self {
        self.start_time_interval_hours = Some(hours.into());
        self
    }

    /// How many hours to forecast, such as 720 for 30 days. Default: 168.
    #[must_use]
    pub fn lead_hours(mut self, hours: u32) -> Self {
        self.forecast_lead_hours = Some(hours.into());
        self
    }

    /// Draws no figures. Default: figures are drawn.
    #[must_use]
    pub fn without_figures(mut self) -> Self {
        self.draw_figures = Some("false".to_owned());
        self
    }

    /// What is put out: items of depth and variable. The grammar is inferred from the weather
    /// model's one example.
    #[must_use]
    pub fn features(mut self, features: impl Into<String>) -> Self {
        self.forecast_features = Some(features.into());
        self
    }
}
