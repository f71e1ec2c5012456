import type { Agents, Workflows } from "./agents.js";
import { answering, whole } from "./answering.js";
import { json } from "./body.js";
import type { JobFacts, Kept } from "./boundary.js";
import { Chat } from "./chat.js";
import type { Data } from "./data.js";
import { drive, type Surroundings } from "./driver.js";
import { type Engine, makeEngine, type Settings, type WasmFile } from "./engine.js";
import { localError } from "./errors.js";
import { lateGroup, lateObs, type OperationGroup, operationGroup } from "./group.js";
import { Job } from "./job.js";
import { obsSource } from "./late.js";
import type { Obs, ObsOptions } from "./obs/of-client.js";
import { type CallOptions, checkCall, checkOptions, type ClientOptions, flatten, signingKey, tokenFunction } from "./options.js";
import { pairs } from "./parameters.js";
import type { Prediction } from "./prediction.js";
import type { Science, ScienceStart } from "./science.js";
import type { Search } from "./search.js";
import { EventStream, type StreamParts } from "./stream.js";
import type { SupplyChain } from "./supply-chain.js";
import type { Text, Tokens } from "./text.js";
import type {
  Answering,
  IamOperationId,
  JobAnswer,
  JobId,
  ListId,
  ListItem,
  OperationAnswer,
  OperationBody,
  OperationId,
  OperationParameters,
} from "./types.js";
import type { Video } from "./video.js";
import type { Vision } from "./vision.js";

/** Where a chat goes. */
interface ChatTarget {
  operation: string;
  deployment?: string;
  pool?: string;
  model?: string;
}

/**
 * The client.
 *
 * ```ts
 * import { PanguLM } from "pangulm";
 *
 * const client = new PanguLM({
 *   endpoint: "https://…/v1/{project_id}/deployments/{deployment_id}",
 *   apiKey: process.env.PANGU_API_KEY,
 * });
 * ```
 *
 * Without an argument it takes everything from the environment (`PANGU_ENDPOINT`,
 * `PANGU_API_KEY`, …). The constructor checks names and types of the options and that no lasting
 * secret is in a web page; the rest is checked on first use, before anything is sent.
 */
export class PanguLM {
  /** Chats. */
  readonly chat: Chat;
  /**
   * Identity and access management: users, groups, permissions, access keys, tokens, projects. Every
   * operation of the spec is a method; parameters and body stand side by side.
   *
   * ```ts
   * const { user } = await client.iam.createUser({ user: { name: "colleague", domain_id } });
   * await client.iam.addUserToGroup({ group_id, user_id: user.id });
   * ```
   */
  readonly iam: OperationGroup<IamOperationId>;
  /** Texts that are continued. */
  readonly text: Text;
  /** Counting tokens. */
  readonly tokens: Tokens;
  /** What a search with a model is made of: embedding, ranking, planning. */
  readonly search: Search;
  /** Agents, which the console calls applications. */
  readonly agents: Agents;
  /** Workflows. */
  readonly workflows: Workflows;
  /** Data sets and where they came from. */
  readonly data: Data;
  /** Forecasts of weather and sea. */
  readonly science: Science;
  /** Looking at images: classification, detection, segmentation. */
  readonly vision: Vision;
  /** Forecasts, classes and anomalies of time series and tables. */
  readonly prediction: Prediction;
  /** Videos out of texts, images and videos. */
  readonly video: Video;
  /** Forecasts of demand. */
  readonly supplyChain: SupplyChain;
  readonly #settings: Settings;
  readonly #file: WasmFile;
  readonly #surroundings: Surroundings;
  readonly #given: ClientOptions | string[];
  #engine: Promise<Engine> | undefined;
  #disposed = false;

  constructor(options?: ClientOptions) {
    if (options !== undefined) checkOptions(options);
    const names = options === undefined ? environment() : flatten(options);
    this.#settings = options === undefined ? { environment: names } : { options: names };
    this.#file = signs(names) ? "pangulm-signing" : "pangulm";
    this.#given = options ?? names;
    const given = options ?? {};
    const { fetch, logger, middleware } = given;
    this.#surroundings = { fetch, logger, middleware, token: tokenFunction(given), key: signingKey(given) };
    this.chat = new Chat(this);
    this.iam = operationGroup(this);
    // Written out, for bundlers look for these very words.
    this.agents = lateGroup(async () => new (await import("./agents.js")).Agents(this));
    this.workflows = lateGroup(async () => new (await import("./agents.js")).Workflows(this));
    this.data = lateGroup(async () => new (await import("./data.js")).Data(this));
    this.prediction = lateGroup(async () => new (await import("./prediction.js")).Prediction(this));
    this.search = lateGroup(async () => new (await import("./search.js")).Search(this));
    this.supplyChain = lateGroup(async () => new (await import("./supply-chain.js")).SupplyChain(this));
    this.text = lateGroup(async () => new (await import("./text.js")).Text(this));
    this.tokens = lateGroup(async () => new (await import("./text.js")).Tokens(this));
    this.video = lateGroup(async () => new (await import("./video.js")).Video(this));
    this.vision = lateGroup(async () => new (await import("./vision.js")).Vision(this));
    const tasks = <Start extends ScienceStart>(start: Start) =>
      lateGroup(async () => new (await import("./science.js")).Tasks(this, start));
    this.science = { tasks: tasks("createScienceTask"), weather: tasks("createWeatherTask"), ocean: tasks("createOceanTask") };
  }

  /**
   * The object storage, where jobs find their input and leave their result.
   *
   * ```ts
   * const bucket = client.obs().bucket("pangu-data");
   * await bucket.put("train/a.jsonl", "{}\n");
   * for await (const entry of bucket.list({ prefix: "train/" })) console.log(entry.key);
   * ```
   *
   * Requests are signed with the client's access key, or with temporary keys that are got from IAM by its token
   * or password and renewed before they end. In a page, `sign` has URLs signed on a server of yours.
   */
  obs(options?: ObsOptions): Obs {
    return lateObs(async () => (await obsSource()).obsOf(this, this.#given, options));
  }

  /**
   * Calls any operation by its id in the spec: the way to everything that has no method of its own.
   *
   * ```ts
   * const { token_number } = await client.request("countTokens", {}, { data: ["你好"] });
   * ```
   *
   * @param parameters those of path, query and headers; `project_id` and `deployment_id` are the
   *   client's if not given
   * @throws {PanguLMError}
   */
  request<Id extends OperationId>(
    operation: Id,
    parameters: OperationParameters<Id>,
    body?: OperationBody<Id>,
    options: CallOptions = {},
  ): Answering<OperationAnswer<Id>> {
    return answering(this.#whole(operation, parameters, body, options), whole<OperationAnswer<Id>>);
  }

  /**
   * Starts long work by the id of the operation that does so.
   *
   * @throws {PanguLMError}
   */
  async startJob<Id extends JobId>(
    operation: Id,
    parameters: OperationParameters<Id>,
    body: OperationBody<Id>,
    options: CallOptions = {},
  ): Promise<Job<JobAnswer<Id>>> {
    return this._startJob(operation, parameters, body, options);
  }

  /**
   * Takes up work by its `id` and the id of the operation that started it.
   *
   * @throws {PanguLMError}
   */
  async resumeJob<Id extends JobId>(operation: Id, parameters: OperationParameters<Id>, id: string): Promise<Job<JobAnswer<Id>>> {
    return this._resumeJob(operation, parameters, id);
  }

  /**
   * The items of a list, whether it comes in pages or whole. The size of a page may be among the
   * parameters, its position is ours.
   *
   * ```ts
   * for await (const project of client.list("listProjects", {})) console.log(project.name);
   * ```
   *
   * @throws {PanguLMError}
   */
  async *list<Id extends ListId>(
    operation: Id,
    parameters: OperationParameters<Id>,
    options: CallOptions = {},
  ): AsyncGenerator<ListItem<Id>, void, undefined> {
    const { items } = await import("./list.js");
    yield* items<ListItem<Id>>(this, operation, parameters, options);
  }

  /** @internal */
  async _startJob<T>(operation: JobId, parameters: object, body: unknown, options: CallOptions): Promise<Job<T>> {
    const { outcome } = await this._call(operation, parameters, body, options);
    return this.#job(parameters, { ask: "job", text: operation }, json(outcome.json));
  }

  /** @internal */
  _resumeJob<T>(operation: JobId, parameters: object, id: string): Promise<Job<T>> {
    return this.#job(parameters, { ask: "resume", text: operation, id });
  }

  async #job<T>(parameters: object, question: object, started?: Uint8Array<ArrayBuffer>): Promise<Job<T>> {
    const engine = await this._ready();
    const facts = await engine.askAny<JobFacts & Kept>(question, started);
    return new Job<T>(this, engine.other(facts.held), facts, parameters);
  }

  /** A call whose answer is no stream: nobody would read that. */
  async #whole(operation: string, parameters: object, body: unknown, options: CallOptions): Promise<StreamParts> {
    const called = await this._call(operation, parameters, body, options);
    if (called.outcome.stream === undefined) return called;
    new EventStream(called).abort();
    throw localError("invalid_input", "this operation answers with a stream, which its own method reads", {
      is: ["invalidInput"],
      operation,
    });
  }

  /** @internal */
  async _chatTarget(asked: readonly (string | undefined)[], stream: boolean): Promise<ChatTarget> {
    const engine = await this._ready();
    const [deployment, pool, model] = asked;
    return engine.ask({ ask: "chat", text: stream ? "stream" : "whole", deployment, pool, model });
  }

  /** @internal */
  _named<T>(operation: string, input: object, options: CallOptions): Answering<T> {
    const call = async () => {
      const engine = await this._ready();
      const names = new Set((await engine.askAny<{ names: string[] }>({ ask: "parameters", text: operation })).names);
      const members = Object.entries(input);
      const given = (isParameter: boolean) => Object.fromEntries(members.filter(([name]) => names.has(name) === isParameter));
      const body = given(false);
      return this.#whole(operation, given(true), Object.keys(body).length === 0 ? undefined : body, options);
    };
    return answering(call(), whole<T>);
  }

  /** @internal */
  async _call(
    operation: string,
    parameters: object,
    body: unknown,
    options: CallOptions,
  ): Promise<StreamParts> {
    checkCall(options);
    const engine = await this._ready();
    const outcome = await drive(engine, this.#surroundings, {
      operation,
      parameters: pairs(parameters),
      body: json(body),
      options,
    });
    const idleTimeout = outcome.stream === undefined ? 0 : engine.idleTimeout;
    return { outcome, operation, signal: options.signal, idleTimeout, logger: this.#surroundings.logger };
  }

  /**
   * Ends every call and stream of this client at once, and gives its memory back. A client that is
   * just forgotten gives it back too, some time later.
   *
   * Where the runtime knows `Symbol.dispose`, `using client = new PanguLM()` does it by itself.
   */
  dispose(): void {
    this.#disposed = true;
    const ended = localError("cancelled", "the call was ended, for its client was disposed");
    this.#engine?.then((engine) => engine.end(ended)).catch(() => {});
  }

  /**
   * The engine; a new one, if the last could not be made or has broken down.
   *
   * @internal
   */
  async _ready(): Promise<Engine> {
    for (;;) {
      if (this.#disposed) {
        throw localError("invalid_input", "the client was disposed: make a new one", { is: ["invalidInput"] });
      }
      this.#engine ??= makeEngine(this.#file, this.#settings);
      const making = this.#engine;
      const engine = await making.catch((error: unknown) => {
        this.#forget(making);
        throw error;
      });
      if (engine.works && !this.#disposed) return engine;
      this.#forget(making);
    }
  }

  /** Unless somebody else has made another one already. */
  #forget(engine: Promise<Engine>): void {
    if (this.#engine === engine) this.#engine = undefined;
  }
}

declare global {
  // As in TypeScript's own lib, which may be older at the user's.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

export interface PanguLM {
  /** {@link PanguLM.dispose}, where the runtime knows this symbol. */
  [Symbol.dispose](): void;
}

if (Symbol.dispose !== undefined) {
  const { dispose } = PanguLM.prototype;
  Object.defineProperty(PanguLM.prototype, Symbol.dispose, { value: dispose, configurable: true, writable: true });
}

/** What only the file that can sign knows. */
const SIGNING = new Set([
  "accessKeyId",
  "HUAWEICLOUD_SDK_AK",
  "userId",
  "passcode",
  "agency",
  "agencyDomain",
  "agencyDomainId",
  "temporarySeconds",
  "temporaryPolicy",
]);

/** Whether any of it is among these names and values. */
function signs(names: string[]): boolean {
  return names.some((name) => SIGNING.has(name));
}

/** The environment's variables that may be ours, flat; nothing where there is no environment. */
function environment(): string[] {
  const runtime = globalThis as {
    process?: { env?: Record<string, string | undefined> };
    Deno?: { env: { toObject(): Record<string, string> } };
  };
  const variables = runtime.Deno?.env.toObject() ?? runtime.process?.env ?? {};
  return Object.entries(variables)
    .filter(([name]) => name.startsWith("PANGU_") || name.startsWith("HUAWEICLOUD_SDK_"))
    .flatMap(([name, value]) => [name, value ?? ""]);
}
