import { answering, whole } from "./answering.js";
import type { PanguLM } from "./client.js";
import { at, type Deployed } from "./deployed.js";
import type { CallOptions } from "./options.js";
import { TextStream } from "./stream.js";
import type { Answering, TextCompletion, TextRequest, TokenCount } from "./types.js";

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

/** Counting tokens before paying for them. */
export class Tokens {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Counts the tokens of a text, or of a dialogue: question, answer, …, question, hence an odd number
   * of texts. With `withGenerated` what the model would generate is counted too.
   *
   * ```ts
   * const { token_number, tokens } = await client.tokens.count("你好,请介绍下西安。");
   * ```
   *
   * @throws {PanguLMError}
   */
  count(texts: string | string[], options: CallOptions & Deployed & { withGenerated?: boolean } = {}): Answering<TokenCount> {
    const { deployment, withGenerated = false, ...rest } = options;
    const body = { data: typeof texts === "string" ? [texts] : texts, with_prompt: !withGenerated };
    return this.#client.request("countTokens", at(deployment === undefined ? {} : { deployment }), body, rest);
  }
}
