import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import type { Answering, DataLineage, DatasetDeleted, DatasetDeletion } from "./types.js";

/** Data sets of a workspace. An API key does not serve here. */
export class Data {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Lists what was made out of the objects under a path in OBS, `bucket/folder1/folder2` without
   * `obs://`. What is beyond `limit` (1 to 1000, here 100 when not given) cannot be asked for.
   *
   * @throws {PanguLMError}
   */
  async lineages(workspace: string, fromPath: string, options: CallOptions & { limit?: number } = {}): Promise<DataLineage[]> {
    const { limit = 100, ...rest } = options;
    const parameters = { workspace_id: workspace, from_path: fromPath, limit };
    return (await this.#client.request("listDataLineages", parameters, undefined, rest)).lineages;
  }

  /**
   * Deletes a data set so that it cannot be restored. It is never sent twice. That it could not be
   * deleted is said by `result`.
   *
   * @throws {PanguLMError}
   */
  deleteDataset(workspace: string, deletion: DatasetDeletion, options: CallOptions = {}): Answering<DatasetDeleted> {
    return this.#client.request("deleteDatasetPermanently", { workspace_id: workspace }, deletion, options);
  }
}
