import { answering, whole } from "./answering.js";
import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import { Run } from "./run.js";
import type { AgentEvent, AgentRequest, Answering, WorkflowAnswer, WorkflowEvent, WorkflowRequest } from "./types.js";

/** Agents, which the console calls applications. */
export class Agents {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Asks an agent. It answers event by event and in no other way.
   *
   * ```ts
   * const run = await client.agents.run({ agent, query: "贵阳今天天气怎么样" });
   * for await (const { event, content } of run) if (event === "message") process.stdout.write(String(content));
   * ```
   *
   * @throws {PanguLMError}
   */
  run(request: AgentRequest, options: CallOptions = {}): Answering<Run<AgentEvent>> {
    const { agent, conversation = uuid(), olderPath, ...body } = request;
    const parameters = { agent_id: agent, conversation_id: conversation };
    const call = this.#client._call(`runAgent${legacy(olderPath)}`, parameters, body, options);
    return answering(call, (called) => new Run<AgentEvent>(called, conversation));
  }
}

/** Workflows. */
export class Workflows {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Runs a workflow up to its end or to a question. A question is in `messages`, without `outputs`:
   * run it again in the same `conversation` to answer. With `stream: true` its events come one by one;
   * their types are not documented.
   *
   * ```ts
   * const { outputs, messages, conversation_id } = await client.workflows.run({ workflow, inputs: { query } });
   * ```
   *
   * @throws {PanguLMError}
   */
  run(request: WorkflowRequest & { stream: true }, options?: CallOptions): Answering<Run<WorkflowEvent>>;
  run(request: WorkflowRequest & { stream?: false }, options?: CallOptions): Answering<WorkflowAnswer>;
  run(request: WorkflowRequest, options?: CallOptions): Answering<WorkflowAnswer | Run<WorkflowEvent>>;
  run(request: WorkflowRequest, options: CallOptions = {}): Answering<WorkflowAnswer | Run<WorkflowEvent>> {
    const { workflow, conversation = uuid(), olderPath, stream, ...body } = request;
    const operation = `runWorkflow${legacy(olderPath)}${stream === true ? "Stream" : ""}`;
    const parameters = { workflow_id: workflow, conversation_id: conversation };
    return answering(this.#client._call(operation, parameters, body, options), (called) => {
      if (called.outcome.stream !== undefined) return new Run<WorkflowEvent>(called, conversation);
      // The next run needs it, whether or not the service repeats it.
      return { conversation_id: conversation, ...whole<WorkflowAnswer>(called) };
    });
  }
}

function legacy(olderPath: boolean | undefined): string {
  return olderPath === true ? "Legacy" : "";
}

/** A UUID of version 4, also where a page without https has no `crypto.randomUUID`. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
