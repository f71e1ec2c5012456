/** What a page gets when it first needs it. */

import { localError } from "./errors.js";

/** What `load` gives; that it cannot be had is an error like that of a call without a connection. */
export async function arrived<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw localError("connect", `a part of this package cannot be loaded: ${cause}`, { is: ["connect", "transient"] }, cause);
  }
}
