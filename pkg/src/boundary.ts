/**
 * The contract with the wasm side (`crates/pangulm-wasm/src/npm`): what it is asked and what it
 * answers, all of it JSON.
 */

/** What any answer may hold beside what was asked for. */
export interface AnyAnswer {
  /** Why there is none. */
  error?: ErrorFacts;
  /** The calls that may go on, by their number. */
  woken?: number[];
  /** The second wasm file is needed for an answer; nothing has been done. */
  rest?: true;
}

/** Something that wasm holds for this side from now on, by its number. */
export interface Kept {
  held: number;
}

/** What came of a call's last step; bytes stand beside it. */
export type Input =
  | { ask: "start" | "kept" | "slept" | "woken" | "timedOut" | "tooLarge" }
  /** With bytes: of the body, or 32 of them. */
  | { ask: "body" | "digest" | "mac" }
  /** Names and values in turn. */
  | { ask: "head"; status: number; headers: string[] }
  /** A token, and its life in milliseconds if it is known. */
  | { ask: "token"; text: string; lifetime?: number }
  /** With the reason. */
  | { ask: "tokenFailed" | "notConnected" | "broken"; text: string };

/** What a call asks of its driver next. */
export type Step = Task | Ended;

/** Something to do, whose outcome is told to the call. */
export type Task =
  | Send
  | { step: "read"; how: "keep" | "bytes"; limit: number }
  | { step: "sleep"; milliseconds: number; reason: ErrorFacts }
  | { step: "hash" }
  | { step: "mac"; text: string }
  | { step: "token"; milliseconds: number }
  | { step: "wait"; milliseconds: number };

/** A request to send. */
export interface Send {
  step: "send";
  method: string;
  url: string;
  headers: [string, string][];
  /** `callers`: the body of this call; `own`: the one in `text`; absent: none. */
  body?: "callers" | "own";
  text?: string;
  timeout: number;
}

/** The end of a call, or the beginning of its stream; `judge` is an end whose body the engine wants to see. */
export type Ended =
  | ({ step: "done" } & AnswerFacts)
  | ({ step: "judge" } & AnswerFacts)
  | ({ step: "stream" } & AnswerFacts & Kept);

/** The head of a success. */
export interface AnswerFacts {
  status: number;
  attempts: number;
  requestId?: string;
}

/** What a stream gives after each piece of its body. */
export interface Progress<Chunk> {
  chunks: Chunk[];
  /** How it has ended, if it has. */
  state?: "complete" | "failed";
  /** Why it failed. */
  reason?: ErrorFacts;
}

/** What follows long work. */
export interface JobFacts {
  id: string;
  /** The operation that tells the state. */
  poll: string;
  /** Its parameter for the id. */
  parameter: string;
  /** Which of the start's parameters it takes too. */
  takes: string[];
}

/** How long work stands. */
export interface JobStanding {
  state: string;
  phase: "running" | "succeeded" | "failed";
  /** From 0 to 1. */
  progress?: number;
  /** Why it came to nothing. */
  reason?: ErrorFacts;
}

/** Where the next page of a list is; an answer without it says that there is none. */
export interface PageFacts {
  parameters: Record<string, number>;
  /** JSON pointers into the answer. */
  items: string;
  total?: string;
}

/** Everything an error knows. */
export interface ErrorFacts {
  kind: ErrorKind;
  message: string;
  detail: string;
  is: ErrorPredicate[];
  attempts: number;
  operation?: string;
  field?: string;
  status?: number;
  code?: string;
  requestId?: string;
  retryAfter?: number;
  remedy?: string;
  body?: string;
}

/** The broad cause of an error. */
export type ErrorKind =
  | "invalid_input"
  | "credential"
  | "connect"
  | "timeout"
  | "service"
  | "unexpected_answer"
  | "truncated"
  | "stalled"
  | "in_stream"
  | "malformed_event"
  | "content_filtered"
  | "out_of_resources"
  | "too_large"
  | "job_failed"
  | "cancelled"
  | "internal"
  /** Of this side alone: the runtime lacks what is needed, or forbids it. */
  | "runtime"
  | (string & {});

/** What may be true of an error. */
export type ErrorPredicate =
  | "invalidInput"
  | "auth"
  | "throttled"
  | "connect"
  | "timeout"
  | "truncated"
  | "stalled"
  | "inStream"
  | "contentFiltered"
  | "outOfResources"
  | "notFound"
  | "jobFailed"
  | "transient"
  | (string & {});
