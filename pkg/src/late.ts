/** What a page gets when it first needs it. */

import { localError, PanguLMError } from "./errors.js";

/** What `load` gives; that it cannot be had is an error like that of a call without a connection. */
export async function arrived<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    // What has arrived may refuse what it was given.
    if (cause instanceof PanguLMError) throw cause;
    throw localError("connect", `a part of this package cannot be loaded: ${cause}`, { is: ["connect", "transient"] }, cause);
  }
}

/** @internal The object storage, by the module of each environment. */
export let obsSource: () => Promise<typeof import("./obs/index.js")>;

/** @internal Says where it comes from; the entry files of this package do that. */
export function setObsSource(from: typeof obsSource): void {
  obsSource = from;
}
