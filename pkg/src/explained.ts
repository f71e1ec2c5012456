/**
 * Fails with the reason why the runtime cannot do what is asked. The words are loaded only for that.
 *
 * @internal
 */
export async function explained(error: unknown): Promise<never> {
  const words = import("./runtime.js");
  // Offline, they cannot be loaded either.
  throw (await words.catch(() => undefined))?.explain(error) ?? error;
}
