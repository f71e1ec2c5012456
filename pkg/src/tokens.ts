import type { PanguLM } from "./client.js";
import { at, type Deployed } from "./deployed.js";
import type { CallOptions } from "./options.js";
import type { Answering, TokenCount } from "./types.js";

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
