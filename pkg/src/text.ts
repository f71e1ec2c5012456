import { answering, whole } from "./answering.js";
import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import { TextStream } from "./stream.js";
import type { Answering, TextCompletion, TextRequest } from "./types.js";

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
  complete(request: TextRequest & { stream: true }, options?: CallOptions): Answering<TextStream>;
  complete(request: TextRequest & { stream?: false }, options?: CallOptions): Answering<TextCompletion>;
  complete(request: TextRequest, options?: CallOptions): Answering<TextCompletion | TextStream>;
  complete(request: TextRequest, options: CallOptions = {}): Answering<TextCompletion | TextStream> {
    const { deployment, pool, ...body } = request;
    const operation = `create${pool === undefined ? "" : "Pool"}TextCompletion${body.stream === true ? "Stream" : ""}`;
    const parameters = { deployment_id: deployment, pool_id: pool };
    return answering(this.#client._call(operation, parameters, body, options), (called) =>
      called.outcome.stream === undefined ? whole<TextCompletion>(called) : new TextStream(called),
    );
  }
}
