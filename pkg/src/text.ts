import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import { TextStream } from "./stream.js";
import type { TextCompletion, TextRequest } from "./types.js";

/** Texts that are continued. */
export class Text {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Continues a text. With `stream: true` it comes piece by piece; that form is inferred.
   *
   * ```ts
   * const { choices } = await client.text.complete({ prompt: "长江是", max_tokens: 200 });
   * ```
   *
   * @throws {PanguLMError}
   */
  complete(request: TextRequest & { stream: true }, options?: CallOptions): Promise<TextStream>;
  complete(request: TextRequest & { stream?: false }, options?: CallOptions): Promise<TextCompletion>;
  complete(request: TextRequest, options?: CallOptions): Promise<TextCompletion | TextStream>;
  async complete(request: TextRequest, options: CallOptions = {}): Promise<TextCompletion | TextStream> {
    const { deployment, pool, ...body } = request;
    const operation = `create${pool === undefined ? "" : "Pool"}TextCompletion${body.stream === true ? "Stream" : ""}`;
    const parameters = { deployment_id: deployment, pool_id: pool };
    const called = await this.#client._call(operation, parameters, body, options);
    return called.outcome.stream === undefined ? (called.outcome.json as TextCompletion) : new TextStream(called);
  }
}
