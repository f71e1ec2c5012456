/** The loop: the model asks, tools run, what they say goes back, until the model has its answer. */

import type { PanguLM } from "../client.js";
import { cancelled, localError } from "../errors.js";
import { unless } from "../life.js";
import type { CallOptions } from "../options.js";
import type { ChatCompletion, ChatCompletionChunk, ChatMessage, ChatRequest, ToolCall, Usage } from "../types.js";
import { type AnyTool, invalid, type Result, Toolbox } from "./tool.js";

/** Settings of a run; those of a call hold for each round. */
export interface RunOptions extends CallOptions {
  /** How often the model is asked at most. Default: 10. */
  maxRounds?: number;
  /**
   * What becomes of an error of a tool: the model is told its message and goes on, or the run ends
   * and throws it. What the model itself did wrong it is always told. Default: `tell`.
   */
  toolErrors?: "tell" | "throw";
}

/** What happens in a run. */
export type RunEvent =
  | {
      /** A piece of an answer has come, with `stream: true`. */
      type: "chunk";
      /** The piece. */
      chunk: ChatCompletionChunk;
    }
  | {
      /** A round has its answer. */
      type: "answer";
      /** The whole of it. */
      answer: ChatCompletion;
    }
  | {
      /** The model calls a tool, which runs next. */
      type: "call";
      /** The call as the model wrote it. */
      call: ToolCall;
    }
  | {
      /** A tool is done. */
      type: "result";
      /** The call that it answers. */
      call: ToolCall;
      /** What the model is told. */
      content: string;
      /** Why that is an error, if it is one. */
      error?: unknown;
    };

const ROUNDS = 10;
const RUN = "runTools";

/**
 * Lets a model call tools until it has its answer. Nothing is sent before the run is read: by
 * {@link ToolRun.finish}, or event by event.
 *
 * ```ts
 * const run = runTools(client, { messages, stream: true }, [weather], { maxRounds: 5 });
 * for await (const event of run) {
 *   if (event.type === "chunk") process.stdout.write(event.chunk.choices[0]?.delta.content ?? "");
 *   if (event.type === "call") console.log(event.call.function?.name);
 * }
 * ```
 *
 * Calls that the model makes at once run at once. A `tool_choice` that forces a tool holds for the
 * first round alone, for the model could never answer otherwise. Only the first choice of an answer
 * counts.
 *
 * @param client a client, or anything else with its `chat.completions.create`
 * @param request as for `client.chat.completions.create`, without `tools`
 * @throws {PanguLMError} at once, if a tool or an option is wrong
 */
export function runTools(
  client: Pick<PanguLM, "chat">,
  request: ChatRequest & { tools?: undefined },
  tools: readonly AnyTool[],
  options: RunOptions = {},
): ToolRun {
  return new ToolRun(client, request, tools, options);
}

/** A run: an async iterable of its events, for one reader. Leaving the loop ends it at once. */
export class ToolRun implements AsyncIterable<RunEvent> {
  /** The conversation so far: what was given, and every turn since. After the end, the answer is its last. */
  readonly messages: ChatMessage[];
  /** The tokens of all rounds together. */
  readonly usage: Usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  /** How often the model was asked. */
  rounds = 0;
  readonly #client: Pick<PanguLM, "chat">;
  readonly #request: ChatRequest;
  readonly #toolbox: Toolbox;
  readonly #maxRounds: number;
  readonly #toolErrors: "tell" | "throw";
  readonly #call: CallOptions;
  readonly #ended = new AbortController();
  readonly #events: AsyncGenerator<RunEvent, void, undefined>;
  #taken = false;
  #answer: ChatCompletion | undefined;
  #failure: unknown;

  /** @internal */
  constructor(client: Pick<PanguLM, "chat">, request: ChatRequest, tools: readonly AnyTool[], options: RunOptions) {
    const { maxRounds = ROUNDS, toolErrors = "tell", ...call } = options;
    if (!Number.isInteger(maxRounds) || maxRounds < 1) throw invalid("maxRounds", `must be a whole number from 1; got ${maxRounds}`);
    if (toolErrors !== "tell" && toolErrors !== "throw") throw invalid("toolErrors", `must be "tell" or "throw"; got ${toolErrors}`);
    if (request.tools !== undefined) throw invalid("tools", "are not part of the request here", "give them as the third argument of runTools");
    if (!Array.isArray(request.messages)) throw invalid("messages", "must be a list of messages");
    this.messages = [...request.messages];
    this.#client = client;
    this.#request = request;
    this.#toolbox = new Toolbox(tools);
    this.#maxRounds = maxRounds;
    this.#toolErrors = toolErrors;
    this.#call = call;
    this.#events = this.#untilAnswered();
  }

  /** What happens, as it does; for one reader. */
  [Symbol.asyncIterator](): AsyncGenerator<RunEvent, void, undefined> {
    if (this.#taken) throw localError("invalid_input", "a run can be read once: keep its events if you need them again", { is: ["invalidInput"] });
    this.#taken = true;
    return this.#events;
  }

  /**
   * Goes on to the end and gives the model's last answer.
   *
   * @throws {PanguLMError} a call failed, or the model asked for tools in the last round still
   */
  async finish(): Promise<ChatCompletion> {
    this.#taken = true;
    while (!(await this.#events.next()).done);
    if (this.#answer === undefined) throw this.#failure ?? cancelled(this.#ended.signal, RUN);
    return this.#answer;
  }

  /** The same, by the name known from other SDKs. */
  finalMessage(): Promise<ChatCompletion> {
    return this.finish();
  }

  /** Ends the run at once: the call under way, and by their signal the tools. */
  abort(reason?: unknown): void {
    this.#ended.abort(reason);
  }

  async *#untilAnswered(): AsyncGenerator<RunEvent, void, undefined> {
    const { signal } = this.#call;
    const onAbort = () => this.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    try {
      while (this.#answer === undefined) yield* this.#round();
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      if (this.#answer === undefined) this.abort();
    }
  }

  async *#round(): AsyncGenerator<RunEvent, void, undefined> {
    const answer = yield* this.#ask();
    this.rounds += 1;
    this.#count(answer.usage);
    const message = answer.choices?.[0]?.message ?? {};
    const calls = message.tool_calls ?? [];
    this.messages.push(turn(message.content, calls));
    yield { type: "answer", answer };
    if (calls.length === 0) {
      this.#answer = answer;
      return;
    }
    if (this.rounds === this.#maxRounds) throw neverContent(this.rounds, calls);
    for (const call of calls) yield { type: "call", call };
    const results = await this.#results(calls);
    for (const [at, call] of calls.entries()) {
      const { content, error } = results[at] as Result;
      this.messages.push({ role: "tool", tool_call_id: call.id ?? "", content });
      yield { type: "result", call, content, ...(error !== undefined && { error }) };
    }
  }

  /** Asks once; gives what comes of it, piece by piece if so wanted. */
  async *#ask(): AsyncGenerator<RunEvent, ChatCompletion, undefined> {
    const { tool_choice, ...rest } = this.#request;
    const forces = tool_choice === "required" || typeof tool_choice === "object";
    const request = {
      ...rest,
      messages: this.messages,
      tools: this.#toolbox.described,
      ...(tool_choice !== undefined && !(forces && this.rounds > 0) && { tool_choice }),
    };
    const options = { ...this.#call, signal: this.#ended.signal };
    if (request.stream !== true) return this.#client.chat.completions.create({ ...request, stream: false }, options);
    const stream = await this.#client.chat.completions.create({ ...request, stream: true }, options);
    for await (const chunk of stream) yield { type: "chunk", chunk };
    return stream.finalMessage();
  }

  async #results(calls: ToolCall[]): Promise<Result[]> {
    const { signal } = this.#ended;
    const running = calls.map(async (call) => {
      const result = await this.#toolbox.call(call, signal);
      if (result.fault === "tool" && this.#toolErrors === "throw") throw result.error;
      return result;
    });
    try {
      return await unless(signal, Promise.all(running));
    } catch (error) {
      throw signal.aborted ? cancelled(signal, RUN) : error;
    }
  }

  #count(usage: Usage | undefined): void {
    for (const name of ["prompt_tokens", "completion_tokens", "total_tokens"] as const) {
      this.usage[name] = (this.usage[name] ?? 0) + (usage?.[name] ?? 0);
    }
  }
}

/** An answer as a turn of the conversation; its train of thought is no part of that. */
function turn(content: string | null | undefined, calls: ToolCall[]): ChatMessage {
  const says = calls.length === 0 || (content ?? "") !== "";
  return { role: "assistant", ...(says && { content: content ?? "" }), ...(calls.length > 0 && { tool_calls: calls }) };
}

function neverContent(rounds: number, calls: ToolCall[]): Error {
  const names = [...new Set(calls.map((call) => call.function?.name))].join(", ");
  const detail = `the model was asked ${rounds} times and still calls ${names}`;
  const remedy = "raise maxRounds, or read the run's messages: what the tools say may not help the model";
  return localError("unexpected_answer", `${RUN}: ${detail}. ${remedy}`, { operation: RUN, field: "maxRounds", detail, remedy });
}
