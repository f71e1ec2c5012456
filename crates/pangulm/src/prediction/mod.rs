//! Models that predict: forecasts, classes and anomalies of time series and tables.
//!
//! Each deployment serves one model. Name it by [`Prediction::deployment`], or make it the client's.
//! Series are [`Columns`], tables are [`Row`]s; what a model's page documents of their lengths is
//! checked before anything is sent. The names of the features, and what a model predicts, are those of
//! its training; the console's training log shows a sample request.

mod data;
mod request;

pub use self::data::rows;
pub use crate::generated::pangu::types::{
    AnomalyMode, AnomalyScoring, Explanation, ExplanationRequest as ExplainRequest,
    FeatureImportance, FeatureImportanceOptions, FeatureImportanceRequest, Forecast,
    ForecastRequest, SeriesAnomalies, SeriesAnomaliesV2,
    SeriesAnomalyRequest as DetectAnomaliesRequest,
    SeriesAnomalyV2Request as DetectAnomaliesV2Request, SeriesClassification,
    SeriesClassificationRequest as ClassifySeriesRequest, SeriesColumns as Columns, SeriesContext,
    SeriesForecast, TableAnomalies, TableAnomalyRequest as DetectTableAnomaliesRequest,
    TableClassification, TableClassificationRequest as ClassifyTableRequest, TableRegression,
    TableRegressionRequest as RegressTableRequest, TableRow as Row, TableTask, TimeCost,
    UnifiedTablePrediction, UnifiedTableRequest, ZeroShotForecast as ForecastZeroShot,
    ZeroShotForecastRequest as ForecastZeroShotRequest,
    ZeroShotSeriesAnomalies as SeriesAnomaliesZeroShot,
    ZeroShotSeriesAnomalyRequest as DetectAnomaliesZeroShotRequest,
    ZeroShotTablePrediction as TablePrediction, ZeroShotTableRequest as PredictTableRequest,
};

use pangulm_core::Error;

use crate::driver::Driver;
use crate::service::Service;

/// Predicts; from [`Client::prediction`](crate::Client::prediction).
#[derive(Clone, Debug)]
pub struct Prediction {
    service: Service,
}

impl Prediction {
    pub(crate) fn new(driver: Driver) -> Self {
        Self {
            service: Service::new(driver),
        }
    }

    /// Calls this deployment instead of the client's.
    #[must_use]
    pub fn deployment(mut self, id: impl Into<String>) -> Self {
        self.service.deployment = Some(id.into());
        self
    }

    /// Gives each series of a batch its class (time-series classification with unified encoding)
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0053.html)). The items of
    /// the answer could not be read, so they are open.
    ///
    /// # Errors
    /// The context is out of range, a series is shorter than it, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::Columns;
    ///
    /// let series = Columns::new().column("vibration", [0.1, 0.4, 0.2]);
    /// println!("{:?}", client.prediction().classify_series(series).await?.data);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn classify_series(
        &self,
        request: impl Into<ClassifySeriesRequest>,
    ) -> Result<SeriesClassification, Error> {
        self.service.ask("classifySeries", request.into()).await
    }

    /// Continues series with a model that was trained on such
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0096.html)). The form of
    /// the answer is that of the page's edition of May 2025.
    ///
    /// # Errors
    /// Context or length is out of range, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{Columns, ForecastRequest};
    ///
    /// let history = Columns::new().column("load", [864.16, 493.91, 252.77]);
    /// let request = ForecastRequest::new([history]).prediction_len(24);
    /// let forecast = client.prediction().forecast(request).await?;
    /// println!("{:?}", forecast.data[0].prediction["load"]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn forecast(&self, request: impl Into<ForecastRequest>) -> Result<Forecast, Error> {
        self.service.ask("forecastSeries", request.into()).await
    }

    /// Continues series with a model that was not trained on them
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0095.html)). All items of
    /// a batch have the same columns; targets and past covariates are of one length, known
    /// covariates longer by the number of points to predict. The page's tables could not be read:
    /// that the series are in `data` is inferred, the answer is open.
    ///
    /// # Errors
    /// Lengths or columns break these rules, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{Columns, ForecastZeroShotRequest};
    ///
    /// let history = Columns::new()
    ///     .column("load", [864.16, 493.91, 252.77])
    ///     .column("holiday", [0, 0, 1, 0, 0]);
    /// let request = ForecastZeroShotRequest::new([history], 2).known_cov_cols(["holiday"]);
    /// println!("{:?}", client.prediction().forecast_zero_shot(request).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn forecast_zero_shot(
        &self,
        request: impl Into<ForecastZeroShotRequest>,
    ) -> Result<ForecastZeroShot, Error> {
        self.service
            .ask("forecastSeriesZeroShot", request.into())
            .await
    }

    /// Finds anomalies in series with a model that was trained on such
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0089.html)). The page's
    /// table of the answer could not be read, so it is open.
    ///
    /// # Errors
    /// A series has fewer than 100 points, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{Columns, DetectAnomaliesRequest};
    ///
    /// let series = Columns::new().column("pressure", (0..200).map(|it| it % 24));
    /// let request = DetectAnomaliesRequest::new([series]).get_details(true);
    /// println!("{:?}", client.prediction().detect_anomalies(request).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_anomalies(
        &self,
        request: impl Into<DetectAnomaliesRequest>,
    ) -> Result<SeriesAnomalies, Error> {
        self.service
            .ask("detectSeriesAnomalies", request.into())
            .await
    }

    /// Finds anomalies in series with a model that was not trained on them
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0101.html)). The page's
    /// table of the answer could not be read, so it is open.
    ///
    /// # Errors
    /// A series has fewer than 100 points, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{AnomalyScoring, Columns, DetectAnomaliesZeroShotRequest};
    ///
    /// let series = Columns::new().column("pressure", (0..200).map(|it| it % 24));
    /// let request = DetectAnomaliesZeroShotRequest::new([series]).option(AnomalyScoring::Var);
    /// println!("{:?}", client.prediction().detect_anomalies_zero_shot(request).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_anomalies_zero_shot(
        &self,
        request: impl Into<DetectAnomaliesZeroShotRequest>,
    ) -> Result<SeriesAnomaliesZeroShot, Error> {
        self.service
            .ask("detectSeriesAnomaliesZeroShot", request.into())
            .await
    }

    /// Gives each point the probability that it is anomalous (V2)
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0129.html)). The page's
    /// table of the answer could not be read, so it is open.
    ///
    /// # Errors
    /// A series has fewer than 2 or more than 10000 points, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::Columns;
    ///
    /// let series = Columns::new().column("pressure", [50, 51, 49, 90, 50, 51]);
    /// println!("{:?}", client.prediction().detect_anomalies_v2(series).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_anomalies_v2(
        &self,
        request: impl Into<DetectAnomaliesV2Request>,
    ) -> Result<SeriesAnomaliesV2, Error> {
        self.service
            .ask("detectSeriesAnomaliesV2", request.into())
            .await
    }

    /// Gives each row its class (fusion and recommendation)
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0057.html)). The form of
    /// the answer is that of the page's edition of May 2025.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{ClassifyTableRequest, rows};
    /// use serde_json::json;
    ///
    /// let customers = rows([json!({"age": 41, "visits": 7})])?;
    /// let request = ClassifyTableRequest::new(customers).predict_proba(true);
    /// let answer = client.prediction().classify_table(request).await?;
    /// println!("{:?} {:?}", answer.result, answer.pred_proba);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn classify_table(
        &self,
        request: impl Into<ClassifyTableRequest>,
    ) -> Result<TableClassification, Error> {
        self.service.ask("classifyTable", request.into()).await
    }

    /// Gives each row its class (unified encoding)
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0097.html)). The items of
    /// the answer could not be read, so they are open.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use serde_json::json;
    ///
    /// let customers = pangulm::prediction::rows([json!({"age": 41, "visits": 7})])?;
    /// println!("{:?}", client.prediction().classify_table_unified(customers).await?.results);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn classify_table_unified(
        &self,
        request: impl Into<UnifiedTableRequest>,
    ) -> Result<UnifiedTablePrediction, Error> {
        self.service
            .ask("classifyTableUnified", request.into())
            .await
    }

    /// Predicts a number for each row (fusion and recommendation)
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0060.html)). The page
    /// types the member of the answer no closer than as an object, so it is open.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use serde_json::json;
    ///
    /// let flats = pangulm::prediction::rows([json!({"area": 90, "rooms": 3})])?;
    /// println!("{:?}", client.prediction().regress_table(flats).await?.result);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn regress_table(
        &self,
        request: impl Into<RegressTableRequest>,
    ) -> Result<TableRegression, Error> {
        self.service.ask("regressTable", request.into()).await
    }

    /// Predicts a number for each row (unified encoding)
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0099.html)). The page's
    /// tables could not be read; they are taken to be those of the classification (inferred).
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use serde_json::json;
    ///
    /// let flats = pangulm::prediction::rows([json!({"area": 90, "rooms": 3})])?;
    /// println!("{:?}", client.prediction().regress_table_unified(flats).await?.results);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn regress_table_unified(
        &self,
        request: impl Into<UnifiedTableRequest>,
    ) -> Result<UnifiedTablePrediction, Error> {
        self.service
            .ask("regressTableUnified", request.into())
            .await
    }

    /// Tells anomalous rows from the others
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0055.html)). The page
    /// types the member of the answer no closer than as an object, so it is open.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use serde_json::json;
    ///
    /// let payments = pangulm::prediction::rows([json!({"amount": 12}), json!({"amount": 99_000})])?;
    /// println!("{:?}", client.prediction().detect_table_anomalies(payments).await?.result);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn detect_table_anomalies(
        &self,
        request: impl Into<DetectTableAnomaliesRequest>,
    ) -> Result<TableAnomalies, Error> {
        self.service
            .ask("detectTableAnomalies", request.into())
            .await
    }

    /// Learns a column of a table from a sample within the request, and predicts it for further
    /// rows ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0092.html)). The
    /// items of the answer could not be read, so they are open.
    ///
    /// # Errors
    /// Sample, rows or body are beyond a limit, or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{Columns, PredictTableRequest, TableTask, rows};
    /// use serde_json::json;
    ///
    /// let sample = Columns::new()
    ///     .column("area", [50, 80, 120])
    ///     .column("price", [100, 160, 240]);
    /// let flats = rows([json!({"area": 90})])?;
    /// let request = PredictTableRequest::new("price", TableTask::Regression, sample, flats);
    /// println!("{:?}", client.prediction().predict_table(request).await?.results);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn predict_table(
        &self,
        request: impl Into<PredictTableRequest>,
    ) -> Result<TablePrediction, Error> {
        self.service.ask("predictTable", request.into()).await
    }

    /// Measures how much a trained model leans on each feature, by shuffling it: one of
    /// classification by its accuracy, one of regression by r2_score ([its
    /// page](https://support.huaweicloud.com/api-pangulm/pangulm_05_0061.html))
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0058.html)). The answer
    /// was not seen, so it is open.
    ///
    /// # Errors
    /// The call failed. The service refuses too few rows; the page asks for more than 1000.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{FeatureImportanceRequest, rows};
    /// use serde_json::json;
    ///
    /// let history = rows((0..2000).map(|it| json!({"age": it % 80, "target": it % 2})))?;
    /// let request = FeatureImportanceRequest::new(history).num_shuffle_sets(1).sample_num(1000);
    /// println!("{:?}", client.prediction().feature_importance(request).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn feature_importance(
        &self,
        request: impl Into<FeatureImportanceRequest>,
    ) -> Result<FeatureImportance, Error> {
        self.service
            .ask("computeFeatureImportance", request.into())
            .await
    }

    /// Splits a prediction into what each feature adds to it (Shapley values): for classification
    /// with unified encoding and regression by fusion and recommendation ([its
    /// page](https://support.huaweicloud.com/api-pangulm/pangulm_05_0103.html))
    /// ([source](https://support.huaweicloud.com/api-pangulm/pangulm_05_0098.html)). The member
    /// for the rows to explain, and the answer, could not be read, so both are open.
    ///
    /// # Errors
    /// The call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::prediction::{ExplainRequest, rows};
    /// use serde_json::json;
    ///
    /// let reference = rows((20..60).map(|age| json!({"age": age})))?;
    /// println!("{:?}", client.prediction().explain(ExplainRequest::new(reference)).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn explain(&self, request: impl Into<ExplainRequest>) -> Result<Explanation, Error> {
        self.service.ask("explainPrediction", request.into()).await
    }
}
