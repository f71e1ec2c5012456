import type { PanguLM } from "./client.js";
import { at, type Deployed, parted } from "./deployed.js";
import type { Job } from "./job.js";
import type { CallOptions } from "./options.js";
import type { Answering, OperationAnswer, OperationBody, SupplyInference } from "./types.js";

/** Forecasts of demand. */
export class SupplyChain {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * What forecasts can be asked for.
   *
   * @throws {PanguLMError}
   */
  items({ deployment, ...options }: Deployed & CallOptions = {}): Answering<OperationAnswer<"listSupplyItems">> {
    return this.#client.request("listSupplyItems", at(deployment === undefined ? {} : { deployment }), undefined, options);
  }

  /**
   * Looks forecasts up. Neither the body nor the answer could be read in the reference, so both are
   * as open as JSON.
   *
   * @throws {PanguLMError}
   */
  predictions(
    request: OperationBody<"querySupplyPredictions"> & Deployed,
    options?: CallOptions,
  ): Answering<OperationAnswer<"querySupplyPredictions">> {
    const { where, body } = parted<Deployed>(request);
    return this.#client.request("querySupplyPredictions", at(where), body, options);
  }

  /**
   * How much each covariate weighs for each item of a level, such as `型号`.
   *
   * @throws {PanguLMError}
   */
  featureImportance(
    request: OperationBody<"querySupplyFeatureImportance"> & Deployed,
    options?: CallOptions,
  ): Answering<OperationAnswer<"querySupplyFeatureImportance">> {
    const { where, body } = parted(request);
    return this.#client.request("querySupplyFeatureImportance", at(where), body, options);
  }

  /**
   * Starts a new forecast from files in OBS, such as `obs://bucket_name/path/to/data`.
   *
   * ```ts
   * const job = await client.supplyChain.inference({ obs_path: "obs://bucket/demand" });
   * console.log((await job.wait()).info);
   * ```
   *
   * @throws {PanguLMError}
   */
  inference(request: OperationBody<"createSupplyInference"> & Deployed, options: CallOptions = {}): Promise<Job<SupplyInference>> {
    const { where, body } = parted(request);
    return this.#client._startJob("createSupplyInference", at(where), body, options);
  }

  /**
   * Takes up a forecast by its id.
   *
   * @throws {PanguLMError}
   */
  resume(id: string, where: Deployed = {}): Promise<Job<SupplyInference>> {
    return this.#client._resumeJob("createSupplyInference", at(where), id);
  }
}
