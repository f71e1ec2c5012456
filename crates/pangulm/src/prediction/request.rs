//! Making requests.

use serde_json::Map;

use super::{
    AnomalyMode, AnomalyScoring, ClassifySeriesRequest, ClassifyTableRequest, Columns,
    DetectAnomaliesRequest, DetectAnomaliesV2Request, DetectAnomaliesZeroShotRequest,
    DetectTableAnomaliesRequest, ExplainRequest, FeatureImportanceOptions,
    FeatureImportanceRequest, ForecastRequest, ForecastZeroShotRequest, PredictTableRequest,
    RegressTableRequest, Row, SeriesContext, TableTask, UnifiedTableRequest,
};
use crate::service::setters;

impl ClassifySeriesRequest {
    /// A batch of series to classify.
    #[must_use]
    pub fn new(batch: impl IntoIterator<Item = Columns>) -> Self {
        Self {
            data: batch.into_iter().collect(),
            context_len: None,
            auto_fill: None,
            extra: Map::new(),
        }
    }
}

impl ForecastRequest {
    /// A batch of series to continue.
    #[must_use]
    pub fn new(batch: impl IntoIterator<Item = Columns>) -> Self {
        let context = |context| SeriesContext {
            context,
            extra: Map::new(),
        };
        Self {
            data: batch.into_iter().map(context).collect(),
            context_len: None,
            prediction_len: None,
            auto_fill: None,
            extra: Map::new(),
        }
    }
}

impl ForecastZeroShotRequest {
    /// A batch of series to continue by `prediction_len` points, at most 1024. Without roles all
    /// columns are targets.
    #[must_use]
    pub fn new(batch: impl IntoIterator<Item = Columns>, prediction_len: u32) -> Self {
        Self {
            data: batch.into_iter().collect(),
            prediction_len: prediction_len.into(),
            context_len: None,
            target_cols: None,
            past_cov_cols: None,
            known_cov_cols: None,
            extra: Map::new(),
        }
    }

    /// The columns to predict.
    #[must_use]
    pub fn target_cols<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.target_cols = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Columns that help and are known up to now.
    #[must_use]
    pub fn past_cov_cols<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.past_cov_cols = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Columns that help and are known ahead: longer than the others by `prediction_len`.
    #[must_use]
    pub fn known_cov_cols<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.known_cov_cols = Some(names.into_iter().map(Into::into).collect());
        self
    }
}

impl DetectAnomaliesRequest {
    /// Series to look through, each of at least 100 points.
    #[must_use]
    pub fn new(series: impl IntoIterator<Item = Columns>) -> Self {
        Self {
            data: series.into_iter().collect(),
            get_details: None,
            thresholds: None,
            extra: Map::new(),
        }
    }

    /// A threshold of your own for one of the adapters 3-sigma, IQR+3-sigma or SPOT.
    #[must_use]
    pub fn threshold(mut self, name: impl Into<String>, value: f64) -> Self {
        let thresholds = self.thresholds.get_or_insert_with(Default::default);
        thresholds.insert(name.into(), value);
        self
    }
}

impl DetectAnomaliesZeroShotRequest {
    /// Series to look through, each of at least 100 points.
    #[must_use]
    pub fn new(series: impl IntoIterator<Item = Columns>) -> Self {
        Self {
            data: series.into_iter().collect(),
            option: None,
            extra: Map::new(),
        }
    }
}

impl DetectAnomaliesV2Request {
    /// Series to look through, each of 2 to 10000 points.
    #[must_use]
    pub fn new(series: impl IntoIterator<Item = Columns>) -> Self {
        Self {
            data: series.into_iter().collect(),
            mode: None,
            use_scaler: None,
            batch_size: None,
            extra: Map::new(),
        }
    }
}

impl ClassifyTableRequest {
    /// Rows to classify.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            data: rows,
            predict_proba: None,
            extra: Map::new(),
        }
    }
}

impl UnifiedTableRequest {
    /// Rows to predict for.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            data: rows,
            auto_fill: None,
            extra: Map::new(),
        }
    }
}

impl RegressTableRequest {
    /// Rows to predict for.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            data: rows,
            auto_fill: None,
            extra: Map::new(),
        }
    }
}

impl DetectTableAnomaliesRequest {
    /// Rows to look through.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            data: rows,
            predict_proba: None,
            auto_fill: None,
            extra: Map::new(),
        }
    }
}

impl PredictTableRequest {
    /// Learns the column `target` from the sample, and predicts it for the rows: as a number or as a
    /// class. The sample has at most 10000 rows, 500 columns and 1000000 values, the table at most
    /// 1000 rows, and both together less than 12 MB.
    #[must_use]
    pub fn new(
        target: impl Into<String>,
        task: TableTask,
        sample: Columns,
        rows: Vec<Row>,
    ) -> Self {
        Self {
            target: target.into(),
            task_type: task,
            sample: sample.into(),
            data: rows,
            extra: Map::new(),
        }
    }
}

impl FeatureImportanceRequest {
    /// Rows with the true value of the target column; the page asks for more than 1000.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            data: rows,
            fi_args: None,
            extra: Map::new(),
        }
    }

    /// How often each feature is shuffled. More is more exact, and slower.
    #[must_use]
    pub fn num_shuffle_sets(mut self, sets: u32) -> Self {
        self.options().num_shuffle_sets = Some(sets.into());
        self
    }

    /// How many rows are taken.
    #[must_use]
    pub fn sample_num(mut self, rows: u32) -> Self {
        self.options().sample_num = Some(rows.into());
        self
    }

    fn options(&mut self) -> &mut FeatureImportanceOptions {
        self.fi_args
            .get_or_insert_with(|| FeatureImportanceOptions {
                num_shuffle_sets: None,
                sample_num: None,
                extra: Map::new(),
            })
    }
}

impl ExplainRequest {
    /// Rows of the training to compare with; 10 to 200 are suggested. How the rows to explain are
    /// called could not be read: add them with [`extra`](Self::extra).
    #[must_use]
    pub fn new(reference: Vec<Row>) -> Self {
        Self {
            trainset_data: reference,
            extra: Map::new(),
        }
    }
}

setters!(ClassifySeriesRequest {
    /// How many of the last points are looked at: 32 to 512, at most the window of the training.
    context_len: u32,
    /// Whether the service fills gaps. Default: no.
    auto_fill: bool,
});
setters!(ForecastRequest {
    /// How many of the last points are looked at: 32 to 512, at most the window of the training.
    context_len: u32,
    /// How many points to predict: 1 to 128, at most the window of the training, which is taken if
    /// none is set.
    prediction_len: u32,
    /// Whether the service fills gaps. Default: no.
    auto_fill: bool,
});
setters!(ForecastZeroShotRequest {
    /// How many of the last points are looked at; no series may be shorter. The service chooses if
    /// none is set.
    context_len: u32,
});
setters!(DetectAnomaliesRequest {
    /// Whether the answer has scores too. Default: no.
    get_details: bool,
});
setters!(DetectAnomaliesZeroShotRequest {
    /// How points are scored; the page recommends [`AnomalyScoring::Var`].
    option: AnomalyScoring,
});
setters!(DetectAnomaliesV2Request {
    /// Whether columns are looked at one by one or together. Default: the service decides.
    mode: AnomalyMode,
    /// Whether the series are scaled first. Default: yes.
    use_scaler: bool,
    /// How much is worked on at once, at least 1.
    batch_size: u32,
});
setters!(ClassifyTableRequest {
    /// Whether the answer has the confidence in each class. Default: no (inferred).
    predict_proba: bool,
});
setters!(UnifiedTableRequest {
    /// Whether the service fills gaps. Default: no.
    auto_fill: bool,
});
setters!(RegressTableRequest {
    /// Whether the service fills gaps. Default: no.
    auto_fill: bool,
});
setters!(DetectTableAnomaliesRequest {
    /// Whether the answer has confidences. Default: no.
    predict_proba: bool,
    /// Whether the service fills gaps. Default: no.
    auto_fill: bool,
});
setters!(PredictTableRequest {});
setters!(FeatureImportanceRequest {});
setters!(ExplainRequest {});

/// Requests that need nothing but one series are made of it.
macro_rules! from_columns {
    ($($request:ident),+) => {
        $(
            impl From<Columns> for $request {
                fn from(columns: Columns) -> Self {
                    Self::new([columns])
                }
            }
        )+
    };
}

from_columns!(
    ClassifySeriesRequest,
    ForecastRequest,
    DetectAnomaliesRequest,
    DetectAnomaliesZeroShotRequest,
    DetectAnomaliesV2Request
);

/// Requests that need nothing but rows are made of them.
macro_rules! from_rows {
    ($($request:ident),+) => {
        $(
            impl From<Vec<Row>> for $request {
                fn from(rows: Vec<Row>) -> Self {
                    Self::new(rows)
                }
            }
        )+
    };
}

from_rows!(
    ClassifyTableRequest,
    UnifiedTableRequest,
    RegressTableRequest,
    DetectTableAnomaliesRequest,
    FeatureImportanceRequest,
    ExplainRequest
);
