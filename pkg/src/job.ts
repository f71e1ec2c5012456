import { json } from "./body.js";
import type { JobFacts, JobStanding } from "./boundary.js";
import type { PanguLM } from "./client.js";
import { cancelled, PanguLMError } from "./errors.js";
import type { Handle } from "./handle.js";
import type { CallOptions } from "./options.js";
import { sleep } from "./sleep.js";

/** How a job stands. */
export interface JobState<T> {
  /** The platform's word for it, such as `running`; empty if it said none. */
  state: string;
  /** The part that is done, from 0 to 1, where the platform tells it. */
  progress: number | undefined;
  /** What the state means. A state that is not known counts as running. */
  phase: "running" | "succeeded" | "failed";
  /** The platform's whole answer. */
  answer: T;
}

/** How to wait for a job. */
export interface WaitOptions<T> {
  /** Called with every state on the way, the last one included. */
  onProgress?: (state: JobState<T>) => void;
  /** Ends the waiting at once; the work goes on at the platform. */
  signal?: AbortSignal;
  /** How long to follow the job, in milliseconds. Default: 24 hours. */
  timeout?: number;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Long work at the platform: a forecast, a video.
 *
 * `wait()` is what most programs want; `for await (const state of job)` gives every state on the way.
 * The work goes on whether or not it is followed, and can be taken up again by its `id`, in another
 * program too. States that are not known go on; a poll that fails for a passing reason is made again.
 *
 * ```ts
 * const job = await client.startJob("createTextVideo", { deployment_id }, { prompt: "长江日出" });
 * const { video_url } = await job.wait({ onProgress: ({ state }) => console.log(state) });
 * ```
 */
export class Job<T> implements AsyncIterable<JobState<T>> {
  /** The platform's id of the work. */
  readonly id: string;
  readonly #client: PanguLM;
  readonly #machine: Handle;
  readonly #poll: string;
  readonly #parameters: Record<string, unknown>;

  /** @internal */
  constructor(client: PanguLM, machine: Handle, facts: JobFacts, given: object) {
    const { id, poll, parameter, takes } = facts;
    const kept = Object.entries(given).filter(([name]) => takes.includes(name));
    this.id = id;
    this.#client = client;
    this.#machine = machine;
    this.#poll = poll;
    this.#parameters = { ...Object.fromEntries(kept), [parameter]: id };
  }

  /**
   * Asks once how the work stands. That it came to nothing is no error here, but the phase `failed`.
   *
   * @throws {PanguLMError}
   */
  async status(options: CallOptions = {}): Promise<JobState<T>> {
    return (await this.#ask(options)).state;
  }

  /**
   * Waits for the end of the work and gives the platform's last answer.
   *
   * @throws {PanguLMError} the work came to nothing (`isJobFailed`), or the time is over (`isTimeout`)
   */
  async wait(options: WaitOptions<T> = {}): Promise<T> {
    for await (const state of this.states(options)) {
      options.onProgress?.(state);
      if (state.phase === "succeeded") return state.answer;
    }
    throw new Error("unreachable: states end with success or with an error");
  }

  /** Every state on the way, the first one at once, the last one when the work is finished. */
  async *states({ signal, timeout = DAY }: WaitOptions<T> = {}): AsyncGenerator<JobState<T>, void, undefined> {
    for (;;) {
      try {
        const { state, error } = await this.#ask(signal === undefined ? {} : { signal });
        if (error !== undefined) throw error;
        yield state;
        if (state.phase === "succeeded") return;
      } catch (error) {
        // Its state is as unknown as before.
        if (!(error instanceof PanguLMError && error.isTransient)) throw error;
      }
      await this.#pause(timeout, signal);
    }
  }

  /** Every state on the way: {@link states}, without options. */
  [Symbol.asyncIterator](): AsyncGenerator<JobState<T>, void, undefined> {
    return this.states();
  }

  async #ask(options: CallOptions): Promise<{ state: JobState<T>; error: PanguLMError | undefined }> {
    const { outcome } = await this.#client._call(this.#poll, this.#parameters, undefined, options);
    const { state, phase, progress, reason } = this.#machine.ask<JobStanding>({ ask: "read" }, json(outcome.json));
    const error = reason && new PanguLMError(reason);
    return { state: { state, phase, progress, answer: outcome.json as T }, error };
  }

  async #pause(timeout: number, signal: AbortSignal | undefined): Promise<void> {
    const question = { ask: "wait", steady: Math.floor(performance.now()), timeout: Math.floor(timeout) };
    const { milliseconds } = this.#machine.ask<{ milliseconds: number }>(question);
    await sleep(milliseconds, signal);
    if (signal?.aborted) throw cancelled(signal, this.#poll);
  }
}
