/** What requests to a model have in common. */

import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import type { Answering, OperationAnswer, OperationBody, OperationId, OperationParameters } from "./types.js";

/** Which deployment is meant. */
export interface Deployed {
  /** The deployment id. Default: the client's. */
  deployment?: string;
}

/** The parameters that say so. */
export function at({ deployment }: Deployed): { deployment_id?: string } {
  return deployment === undefined ? {} : { deployment_id: deployment };
}

/** The same of a request, and the request without it, as it is sent. */
export function parted<T extends Deployed>({ deployment, ...body }: T): { where: Deployed; body: Omit<T, "deployment"> } {
  return { where: deployment === undefined ? {} : { deployment }, body };
}

/** Asks a model; what is in the request beside the deployment is sent as it is. */
export function ask<Id extends OperationId>(
  client: PanguLM,
  operation: Id,
  request: Deployed,
  options?: CallOptions,
): Answering<OperationAnswer<Id>> {
  const { where, body } = parted(request);
  return client.request(operation, at(where) as OperationParameters<Id>, body as unknown as OperationBody<Id>, options);
}
