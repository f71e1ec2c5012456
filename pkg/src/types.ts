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

/** A chat: V1 by `deployment`, V2 by `model`; members nobody knows pass through. */
export type ChatRequest = Omit<Schemas["ChatRequestV1"], "stream" | "model"> & {
  /** The deployment id: calls V1. */
  deployment?: string;
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
  withResponse(): Promise<Answered<T>>;
}

/** The id of an operation. */
export type OperationId = keyof Operations;

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;
type Given<T> = T extends Record<string, unknown> ? T : Record<never, never>;
type Parameters<Id extends OperationId> = Operations[Id]["parameters"];

/** The ids that the client fills in by itself. */
type FromClient = "project_id" | "deployment_id" | "scope_id" | "X-Auth-Token";
type Optional<T> = Partial<Pick<T, Extract<keyof T, FromClient>>> & Omit<T, FromClient>;

/** The parameters of an operation: those of path, query and headers side by side. */
export type OperationParameters<Id extends OperationId> = Optional<
  Given<Parameters<Id>["path"]> & Given<Parameters<Id>["query"]> & Given<Parameters<Id>["header"]>
>;

/** The JSON body of an operation. */
export type OperationBody<Id extends OperationId> = Operations[Id] extends { requestBody?: infer Body }
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

/** The id of an operation that lists in pages. */
export type ListId = Extract<keyof Lists, OperationId>;

/** An item of that list. */
export type ListItem<Id extends ListId> = Lists[Id] extends keyof OperationAnswer<Id>
  ? Item<OperationAnswer<Id>[Lists[Id]]>
  : unknown;

type Item<T> = NonNullable<T> extends (infer One)[] ? One : unknown;
