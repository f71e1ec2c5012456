import type { PanguLM } from "./client.js";
import { at, type Deployed, parted } from "./deployed.js";
import type { Job } from "./job.js";
import type { CallOptions } from "./options.js";
import type { JobAnswer, OperationBody } from "./types.js";

/** The operations that start a forecast. */
export type ScienceStart = "createScienceTask" | "createWeatherTask" | "createOceanTask";

/**
 * Forecasts of weather and sea by scientific-computing models, as jobs.
 *
 * The reference never prints the whole address of v1 (`weather`, `ocean`). Paste the call path that
 * the console shows as the client's `endpoint`, with or without `/tasks` at its end: it is called as
 * it is. At the edge, where there is no project, give the deployment's own address.
 */
export interface Science {
  /**
   * Weather and precipitation, v2.
   *
   * ```ts
   * const data_dirs = { "global-weather": "obs://bucket/initial/" };
   * const job = await client.science.tasks.create({ data_dirs });
   * await job.wait({ onProgress: ({ progress }) => console.log(progress) });
   * ```
   */
  readonly tasks: Tasks<"createScienceTask">;
  /** Weather and precipitation, v1: input from OBS, results to OBS. */
  readonly weather: Tasks<"createWeatherTask">;
  /** The sea, v1. */
  readonly ocean: Tasks<"createOceanTask">;
}

/** One kind of forecast. */
export class Tasks<Id extends ScienceStart> {
  readonly #client: PanguLM;
  readonly #start: Id;

  /** @internal */
  constructor(client: PanguLM, start: Id) {
    this.#client = client;
    this.#start = start;
  }

  /**
   * Starts a forecast. It is never started twice by itself. Members that the spec does not know are
   * sent as they are.
   *
   * @throws {PanguLMError}
   */
  create(
    request: OperationBody<Id> & Deployed & Record<string, unknown>,
    options: CallOptions = {},
  ): Promise<Job<JobAnswer<Id>>> {
    const { where, body } = parted<Deployed>(request);
    return this.#client._startJob(this.#start, at(where), body, options);
  }

  /**
   * How a forecast stands, once.
   *
   * @throws {PanguLMError}
   */
  async get(id: string, { deployment, ...options }: Deployed & CallOptions = {}): Promise<JobAnswer<Id>> {
    const job = await this.resume(id, deployment === undefined ? {} : { deployment });
    return (await job.status(options)).answer;
  }

  /**
   * Takes up a forecast by its id, to follow it.
   *
   * @throws {PanguLMError}
   */
  resume(id: string, where: Deployed = {}): Promise<Job<JobAnswer<Id>>> {
    return this.#client._resumeJob(this.#start, at(where), id);
  }
}
