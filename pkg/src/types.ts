/** The platform's own types, by short names, and what can be derived from the spec. */

import type { components as Iam, Jobs as IamJobs, Lists as IamLists, operations as IamOperations } from "./generated/iam.js";
import type {
  components as Pangu,
  Jobs as PanguJobs,
  Lists as PanguLists,
  operations as PanguOperations,
} from "./generated/pangulm.js";

type Schemas = Pangu["schemas"] & Iam["schemas"];

/** A message of a chat. */
export type ChatMessage = Schemas["ChatMessage"];
/** A tool that the model may call. */
export type Tool = Schemas["Tool"];
/** A call of a tool that the model asks for. */
export type ToolCall = Schemas["ToolCall"];
/** The whole answer of a chat. */
export type ChatCompletion = Schemas["ChatCompletion"];
/** A piece of the answer of a chat, of one shape for V1 and V2. */
export type ChatCompletionChunk = Schemas["ChatCompletionChunk"];
/** How many tokens a chat took. */
export type Usage = Schemas["Usage"];
/** The tokens of a text. */
export type TokenCount = Schemas["TokenCount"];

/** A video that is being made, or has been. */
export type VideoTask = Schemas["VideoTask"];
/** How a forecast of demand stands. */
export type SupplyInference = Schemas["SupplyInference"];
/** A piece of a message: text or an image. */
export type ContentPart = Schemas["ContentPart"];
/** A text that was continued. */
export type TextCompletion = Schemas["TextCompletion"];
/** A piece of it. */
export type TextChunk = Schemas["TextChunk"];
/** What a vector will be compared with. */
export type EmbeddingType = Schemas["EmbeddingType"];
/** A vector, and how the service fared. */
export type Embedding = Schemas["Embedding"];
/** What to do with a question. */
export type SearchPlan = Schemas["SearchPlan"];
/** An event of an agent's run. */
export type AgentEvent = Schemas["AgentEvent"];
/** An event of a workflow's run; their types are not documented. */
export type WorkflowEvent = Schemas["WorkflowEvent"];
/** Where a workflow got to: its end with `outputs`, or a question in `messages`. */
export type WorkflowAnswer = Schemas["WorkflowAnswer"];
/** What a plugin of a workflow needs to know who asks. */
export type PluginConfig = Schemas["PluginConfig"];
/** A step from a source of data to what was made of it. */
export type DataLineage = Schemas["DataLineage"];
/** A data set to delete. */
export type DatasetDeletion = Schemas["DatasetDeletion"];
/** What became of it. */
export type DatasetDeleted = Schemas["DatasetDeleted"];

/** A text to continue; members nobody knows pass through. */
export type TextRequest = Omit<Schemas["TextRequest"], "stream"> & {
  /** The deployment id. Default: the client's. */
  deployment?: string;
  /** The resource pool that the deployment is in. */
  pool?: string;
  /** Whether the text comes piece by piece. Default: false. */
  stream?: boolean;
  [unknown: string]: unknown;
};

/** In which conversation an agent or a workflow is asked. */
export interface InConversation {
  /** The conversation to go on with, a UUID. Default: a fresh one. */
  conversation?: string;
  /** Takes the path that was documented until May 2025. Default: false. */
  olderPath?: boolean;
}

/** A question to an agent; members nobody knows pass through. */
export type AgentRequest = Schemas["AgentRequest"] &
  InConversation & {
    /** The agent's id, copied from its card in the console. */
    agent: string;
    [unknown: string]: unknown;
  };

/** The inputs of a workflow's run; members nobody knows pass through. */
export type WorkflowRequest = Schemas["WorkflowRequest"] &
  InConversation & {
    /** The workflow's id, copied from its card in the console. */
    workflow: string;
    /** Whether its events come one by one. Default: false. */
    stream?: boolean;
    [unknown: string]: unknown;
  };

/** What a run came to. */
export interface RunOutcome {
  /**
   * What was said: the summary of an agent, or the pieces of its messages if none came. Of a workflow
   * only what it says as an agent would, for its events are not documented.
   */
  content: string;
  /**
   * Whether the run said that it is over, as agents do. How a workflow's run ends is not known, so this
   * is false for it although the connection was closed in good order.
   */
  end_confirmed: boolean;
  /** The last event as it came. */
  last_event?: Record<string, unknown>;
}

/** A chat: V1 by `deployment`, V2 by `model`; members nobody knows pass through. */
export type ChatRequest = Omit<Schemas["ChatRequestV1"], "stream" | "model"> & {
  /** The deployment id: calls V1. */
  deployment?: string;
  /** The resource pool that the deployment is in, if its path is to name it. */
  pool?: string;
  /** The model name: calls V2. */
  model?: string;
  /** Whether the answer comes piece by piece. Default: false. */
  stream?: boolean;
  [unknown: string]: unknown;
};

type Operations = PanguOperations & IamOperations;

/** The id of an operation of IAM. */
export type IamOperationId = keyof IamOperations;

/** An answer with its head. */
export interface Answered<T> {
  /** What the call gives by itself. */
  data: T;
  /** The HTTP status. */
  status: number;
  /** How many requests were sent for it. */
  attempts: number;
  /** The platform's id of the request: support asks for it. */
  requestId: string | undefined;
  /** A header of the answer, such as IAM's token in `X-Subject-Token`. */
  header(name: string): string | undefined;
}

/** A promise of the data of an answer; `withResponse()` gives its head too. */
export interface Answering<T> extends Promise<T> {
  /** The data, with the head of the answer it came in. */
  withResponse(): Promise<Answered<T>>;
}

/** The id of an operation. */
export type OperationId = keyof Operations;

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;
type Given<T> = T extends Record<string, unknown> ? T : Record<never, never>;
type Parameters<Id extends OperationId> = Operations[Id]["parameters"];

/** The ids that the client fills in by itself. */
type FromClient = "project_id" | "deployment_id" | "scope_id" | "stream" | "X-Auth-Token";
type Optional<T> = Partial<Pick<T, Extract<keyof T, FromClient>>> & Omit<T, FromClient>;

/** The parameters of an operation: those of path, query and headers side by side. */
export type OperationParameters<Id extends OperationId> = Optional<
  Given<Parameters<Id>["path"]> & Given<Parameters<Id>["query"]> & Given<Parameters<Id>["header"]>
>;

/** The JSON body of an operation. */
export type OperationBody<Id extends OperationId> = Operations[Id] extends {
  /** What the operation is sent. */
  requestBody?: infer Body;
}
  ? Json<NonNullable<Body>>
  : undefined;

type Success<T> = T extends { 200: infer Answer }
  ? Answer
  : T extends { 201: infer Answer }
    ? Answer
    : T extends { 204: infer Answer }
      ? Answer
      : never;

/** The JSON answer of an operation. */
export type OperationAnswer<Id extends OperationId> = Json<Success<Operations[Id]["responses"]>>;

type Jobs = PanguJobs & IamJobs;
type Lists = PanguLists & IamLists;

/** The id of an operation that starts long work. */
export type JobId = Extract<keyof Jobs, OperationId>;

/** What tells how that work stands. */
export type JobAnswer<Id extends JobId> = OperationAnswer<Extract<Jobs[Id], OperationId>>;

/** The id of an operation that lists, in pages or whole. */
export type ListId = Extract<keyof Lists, OperationId>;

/** An item of that list. */
export type ListItem<Id extends ListId> = Lists[Id] extends keyof OperationAnswer<Id>
  ? Item<OperationAnswer<Id>[Lists[Id]]>
  : unknown;

type Item<T> = NonNullable<T> extends (infer One)[] ? One : unknown;
