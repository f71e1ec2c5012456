import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import { ChatStream } from "./stream.js";
import type { ChatCompletion, ChatRequest } from "./types.js";

/** Chats, named as in the SDKs people know: `client.chat.completions.create(…)`. */
export class Chat {
  readonly completions: Completions;

  /** @internal */
  constructor(client: PanguLM) {
    this.completions = new Completions(client);
  }
}

/** Creates chat completions. */
export class Completions {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Asks a model. A `deployment` calls V1, a `model` calls V2; with neither, the client's default
   * is taken. With `stream: true` the answer comes piece by piece, in one shape for both.
   *
   * ```ts
   * const answer = await client.chat.completions.create({
   *   messages: [{ role: "user", content: "介绍一下长江" }],
   * });
   * ```
   *
   * @throws {PanguLMError}
   */
  create(request: ChatRequest & { stream: true }, options?: CallOptions): Promise<ChatStream>;
  create(request: ChatRequest & { stream?: false }, options?: CallOptions): Promise<ChatCompletion>;
  create(request: ChatRequest, options?: CallOptions): Promise<ChatCompletion | ChatStream>;
  async create(request: ChatRequest, options: CallOptions = {}): Promise<ChatCompletion | ChatStream> {
    const { deployment: askedDeployment, model: askedModel, ...rest } = request;
    const target = await this.#client._chatTarget(askedDeployment, askedModel, rest.stream === true);
    const body = target.model === undefined ? rest : { model: target.model, ...rest };
    const parameters = target.deployment === undefined ? {} : { deployment_id: target.deployment };
    const { operation } = target;
    const { outcome, idleTimeout, logger } = await this.#client._call(operation, parameters, body, options);
    if (outcome.stream === undefined) return outcome.json as ChatCompletion;
    return new ChatStream({ outcome, operation, signal: options.signal, idleTimeout, logger });
  }
}
