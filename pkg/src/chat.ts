import { answering, whole } from "./answering.js";
import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import { ChatStream, type StreamParts } from "./stream.js";
import type { Answering, ChatCompletion, ChatRequest } from "./types.js";

/** Chats, named as in the SDKs people know: `client.chat.completions.create(…)`. */
export class Chat {
  /** The answers of models to conversations. */
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
   * is taken. A `pool` names the resource pool that the deployment is in. With `stream: true` the
   * answer comes piece by piece, in one shape for both.
   *
   * ```ts
   * const answer = await client.chat.completions.create({
   *   messages: [{ role: "user", content: "介绍一下长江" }],
   * });
   * ```
   *
   * @throws {PanguLMError}
   */
  create(request: ChatRequest & { stream: true }, options?: CallOptions): Answering<ChatStream>;
  create(request: ChatRequest & { stream?: false }, options?: CallOptions): Answering<ChatCompletion>;
  create(request: ChatRequest, options?: CallOptions): Answering<ChatCompletion | ChatStream>;
  create(request: ChatRequest, options: CallOptions = {}): Answering<ChatCompletion | ChatStream> {
    return answering(this.#ask(request, options), (called) =>
      called.outcome.stream === undefined ? whole<ChatCompletion>(called) : new ChatStream(called),
    );
  }

  async #ask(request: ChatRequest, options: CallOptions): Promise<StreamParts> {
    const { deployment: askedDeployment, pool: askedPool, model: askedModel, ...rest } = request;
    const asked = [askedDeployment, askedPool, askedModel] as const;
    const { operation, deployment, pool, model } = await this.#client._chatTarget(asked, rest.stream === true);
    const body = model === undefined ? rest : { model, ...rest };
    const parameters = { deployment_id: deployment, pool_id: pool };
    return this.#client._call(operation, parameters, body, options);
  }
}
