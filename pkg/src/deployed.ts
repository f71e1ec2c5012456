/** What requests to a model have in common. */

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
