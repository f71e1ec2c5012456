import type { PanguLM } from "./client.js";
import { ask, type Deployed } from "./deployed.js";
import type { CallOptions } from "./options.js";
import type { Answering, OperationAnswer, OperationBody, OperationId } from "./types.js";

/** The body of a model's operation, with the deployment beside it. Members nobody knows pass through. */
export type PredictionRequest<Id extends OperationId> = OperationBody<Id> & Deployed & { [unknown: string]: unknown };

/**
 * Models that predict. Each deployment serves one model: name it by `deployment` in the request, or
 * make it the client's. What a model's page documents of lengths and columns is checked before anything
 * is sent.
 */
export class Prediction {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Gives each series of a batch its class. The items of the answer are open: their table could not be
   * read.
   *
   * @throws {PanguLMError}
   */
  classifySeries(
    request: PredictionRequest<"classifySeries">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"classifySeries">> {
    return ask(this.#client, "classifySeries", request, options);
  }

  /**
   * Continues series with a model that was trained on such.
   *
   * ```ts
   * const { data } = await client.prediction.forecast({
   *   data: [{ context: { load: [864.16, 493.91, 252.77] } }],
   *   prediction_len: 24,
   * });
   * console.log(data[0].prediction.load);
   * ```
   *
   * @throws {PanguLMError}
   */
  forecast(
    request: PredictionRequest<"forecastSeries">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"forecastSeries">> {
    return ask(this.#client, "forecastSeries", request, options);
  }

  /**
   * Continues series with a model that was not trained on them. All items of a batch have the same
   * columns; targets and past covariates are of one length, known covariates longer by
   * `prediction_len`. The answer is open.
   *
   * @throws {PanguLMError}
   */
  forecastZeroShot(
    request: PredictionRequest<"forecastSeriesZeroShot">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"forecastSeriesZeroShot">> {
    return ask(this.#client, "forecastSeriesZeroShot", request, options);
  }

  /**
   * Finds anomalies in series of at least 100 points, with a model that was trained on such. The
   * answer is open.
   *
   * @throws {PanguLMError}
   */
  detectAnomalies(
    request: PredictionRequest<"detectSeriesAnomalies">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"detectSeriesAnomalies">> {
    return ask(this.#client, "detectSeriesAnomalies", request, options);
  }

  /**
   * Finds anomalies in series of at least 100 points, with a model that was not trained on them. The
   * answer is open.
   *
   * @throws {PanguLMError}
   */
  detectAnomaliesZeroShot(
    request: PredictionRequest<"detectSeriesAnomaliesZeroShot">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"detectSeriesAnomaliesZeroShot">> {
    return ask(this.#client, "detectSeriesAnomaliesZeroShot", request, options);
  }

  /**
   * Gives each of 2 to 10000 points the probability that it is anomalous. The answer is open.
   *
   * @throws {PanguLMError}
   */
  detectAnomaliesV2(
    request: PredictionRequest<"detectSeriesAnomaliesV2">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"detectSeriesAnomaliesV2">> {
    return ask(this.#client, "detectSeriesAnomaliesV2", request, options);
  }

  /**
   * Gives each row its class (fusion and recommendation), with `predict_proba` the confidence in each
   * class too.
   *
   * ```ts
   * const { result } = await client.prediction.classifyTable({ data: [{ age: 41, visits: 7 }] });
   * ```
   *
   * @throws {PanguLMError}
   */
  classifyTable(
    request: PredictionRequest<"classifyTable">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"classifyTable">> {
    return ask(this.#client, "classifyTable", request, options);
  }

  /**
   * Gives each row its class (unified encoding). The items of the answer are open.
   *
   * @throws {PanguLMError}
   */
  classifyTableUnified(
    request: PredictionRequest<"classifyTableUnified">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"classifyTableUnified">> {
    return ask(this.#client, "classifyTableUnified", request, options);
  }

  /**
   * Predicts a number for each row (fusion and recommendation). The answer is open.
   *
   * @throws {PanguLMError}
   */
  regressTable(
    request: PredictionRequest<"regressTable">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"regressTable">> {
    return ask(this.#client, "regressTable", request, options);
  }

  /**
   * Predicts a number for each row (unified encoding). The tables of its page could not be read; they
   * are taken to be those of the classification (inferred).
   *
   * @throws {PanguLMError}
   */
  regressTableUnified(
    request: PredictionRequest<"regressTableUnified">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"regressTableUnified">> {
    return ask(this.#client, "regressTableUnified", request, options);
  }

  /**
   * Tells anomalous rows from the others. The answer is open.
   *
   * @throws {PanguLMError}
   */
  detectTableAnomalies(
    request: PredictionRequest<"detectTableAnomalies">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"detectTableAnomalies">> {
    return ask(this.#client, "detectTableAnomalies", request, options);
  }

  /**
   * Learns the column `target` from a sample within the request, and predicts it for further rows. The
   * items of the answer are open.
   *
   * ```ts
   * const { results } = await client.prediction.predictTable({
   *   target: "price",
   *   task_type: "regression",
   *   sample: { area: [50, 80, 120], price: [100, 160, 240] },
   *   data: [{ area: 90 }],
   * });
   * ```
   *
   * @throws {PanguLMError}
   */
  predictTable(
    request: PredictionRequest<"predictTable">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"predictTable">> {
    return ask(this.#client, "predictTable", request, options);
  }

  /**
   * Measures how much a trained model leans on each feature, by shuffling it; the page asks for more
   * than 1000 rows with their true target. The answer is open.
   *
   * @throws {PanguLMError}
   */
  featureImportance(
    request: PredictionRequest<"computeFeatureImportance">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"computeFeatureImportance">> {
    return ask(this.#client, "computeFeatureImportance", request, options);
  }

  /**
   * Splits a prediction into what each feature adds to it (Shapley values). How the rows to explain
   * are called could not be read: add them as further members. The answer is open.
   *
   * @throws {PanguLMError}
   */
  explain(
    request: PredictionRequest<"explainPrediction">,
    options?: CallOptions,
  ): Answering<OperationAnswer<"explainPrediction">> {
    return ask(this.#client, "explainPrediction", request, options);
  }
}
