import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import type { Answering, Embedding, EmbeddingType, SearchPlan } from "./types.js";

/** What a search with a model is made of. */
export class Search {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Turns a text of 1 to 1000 characters into a vector, to be compared with those of documents or,
   * with `embeddingType: "query2query"`, of other queries.
   *
   * ```ts
   * const { embedding } = await client.search.embed("长江有多长");
   * ```
   *
   * @throws {PanguLMError} the service's `ret` is its `code`, its `msg` the message
   */
  embed(query: string, options: CallOptions & { embeddingType?: EmbeddingType } = {}): Answering<Embedding> {
    const { embeddingType, ...rest } = options;
    const body = embeddingType === undefined ? { query } : { query, embedding_type: embeddingType };
    return this.#client.request("createEmbedding", {}, body, rest);
  }

  /**
   * Sorts documents by how well they fit a query. Body and answer are not documented, so both are
   * whatever your contract says.
   *
   * @throws {PanguLMError}
   */
  rerank(body: Record<string, unknown>, options: CallOptions = {}): Answering<Record<string, unknown>> {
    return this.#client.request("rerank", {}, body, options);
  }

  /**
   * Says of what kind a question of 1 to 1024 characters is, and what to search for.
   *
   * @param history the turns before, oldest first: question, answer, question, answer …, at most 50
   *   texts; an answer may be empty but must hold its place
   * @throws {PanguLMError}
   */
  plan(query: string, history: string[] = [], options: CallOptions = {}): Answering<SearchPlan> {
    return this.#client.request("planSearch", {}, { query, history }, options);
  }
}
