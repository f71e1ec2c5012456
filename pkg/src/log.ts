import { PanguLMError } from "./errors.js";

/** What a client does, as it tells its `logger`. No secret is ever part of it. */
export type LogEvent = {
  /** The operation called, by its id in the spec. */
  operation: string;
} & (
  | {
      /** A request goes out: the call's own, or one to IAM for its token. */
      event: "attempt";
      /** The HTTP method. */
      method: string;
      /** The address, whole; that of an object without its query, which would hold the signature. */
      url: string;
    }
  | {
      /** The head of an answer has come. */
      event: "answer";
      /** The HTTP status. */
      status: number;
      /** The platform's id of the request, if the platform gave one and a page may see it. */
      requestId: string | undefined;
    }
  | {
      /** The call waits: so long before it is sent again, or at most so long for another call or its turn. */
      event: "wait";
      /** How long. */
      milliseconds: number;
      /** The failure that makes the wait necessary, or what is waited for. */
      reason: string;
      /** The platform's id of the request that failed, if it gave one. */
      requestId: string | undefined;
    }
  | {
      /** The call has succeeded, or its stream has begun. */
      event: "success";
      /** The HTTP status. */
      status: number;
      /** How many requests were sent for it. */
      attempts: number;
      /** The platform's id of the last request, if it gave one. */
      requestId: string | undefined;
    }
  | {
      /** The call has failed, or its stream. */
      event: "failure";
      /** How many requests were sent for it. */
      attempts: number;
      /** The platform's id of the last request, if it gave one. */
      requestId: string | undefined;
      /** What the call is rejected with. */
      error: PanguLMError;
    }
);

/** Takes the events of a client. */
export type Logger = (event: LogEvent) => unknown;

/** Tells the logger; what it throws, or rejects with, harms no call. */
export function tell(logger: Logger | undefined, event: LogEvent): void {
  if (logger !== undefined) (async () => logger(event))().catch(() => {});
}

/** Tells the logger of a failure. */
export function tellFailure(logger: Logger | undefined, operation: string, error: unknown): void {
  if (!(error instanceof PanguLMError)) return;
  const { attempts, requestId } = error;
  tell(logger, { event: "failure", operation, attempts, requestId, error });
}
