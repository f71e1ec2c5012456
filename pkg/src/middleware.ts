import { localError } from "./errors.js";

/**
 * A request as it is about to be sent. It holds secrets: the credential is among the headers, and the
 * body of a request to IAM may be a password.
 */
export interface OutgoingRequest {
  /** The operation called, by its id in the spec; a request to IAM for its token has the same. */
  readonly operation: string;
  /** The HTTP method. */
  readonly method: string;
  /** The address, whole. */
  readonly url: string;
  /** The headers, which may be changed in place; with an access key, not those that are signed. */
  readonly headers: Headers;
  /** What is sent, if anything is. An object of `client.obs()` may be a Blob or an ArrayBuffer, too. */
  readonly body: string | Uint8Array | Blob | ArrayBuffer | undefined;
  /** Fires when the call ends, or its time is over. */
  readonly signal: AbortSignal;
}

/** Sends a request on its way, by the next middleware or at last by `fetch`. */
export type Next = (request: OutgoingRequest) => Promise<Response>;

/**
 * Stands around every attempt of every call, those to IAM included: it may look at the request and at
 * the answer, change them, wait, or answer by itself.
 *
 * ```ts
 * const traced: Middleware = async (request, next) => {
 *   request.headers.set("traceparent", traceparent());
 *   return next(request);
 * };
 * const client = new PanguLM({ middleware: [traced] });
 * ```
 *
 * Requests come here signed. With an access key, a change of the method, the URL, the body or a header
 * that is signed (`host`, `x-sdk-*`, `x-project-id`, `x-domain-id`, `x-security-token`) makes the
 * service refuse them; other headers may be added. What `next` throws means that no answer came, after
 * which the call may be sent again; anything else that is thrown ends the call and is thrown as it is.
 */
export type Middleware = (request: OutgoingRequest, next: Next) => Promise<Response>;

/** @internal What a middleware itself has thrown. */
export interface Thrown {
  thrown: unknown;
}

/** @internal Sends a request through all of them, the first one outermost. */
export async function through(
  middleware: readonly Middleware[],
  fetch: typeof globalThis.fetch,
  operation: string,
  url: string,
  init: RequestInit,
): Promise<Response | Thrown> {
  const failures: unknown[] = [];
  const send: Next = async (request) => {
    const { method, headers, signal, body } = request;
    try {
      return await fetch(request.url, { ...init, method, headers, signal, ...(body !== undefined && { body: body as BodyInit }) });
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  const { method, headers, body, signal } = init as OutgoingRequest;
  const request: OutgoingRequest = { operation, method, url, headers: new Headers(headers), body, signal };
  const next = middleware.reduceRight<Next>((inner, one) => async (given) => one(given, inner), send);
  try {
    const answer = await next(request);
    if (typeof answer?.headers?.get === "function") return answer;
    throw localError("invalid_input", `middleware: must give a Response; got ${answer}`, { field: "middleware", is: ["invalidInput"] });
  } catch (error) {
    if (failures.includes(error)) throw error;
    return { thrown: error };
  }
}
