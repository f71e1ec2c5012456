import type { Outcome } from "./driver.js";
import type { Answered, Answering } from "./types.js";

/**
 * What is made of a call that was answered, with the head of the answer for those who ask for it.
 *
 * @internal
 */
export function answering<Called extends { outcome: Outcome }, T>(call: Promise<Called>, made: (called: Called) => T): Answering<T> {
  const data = call.then(made);
  const withResponse = async (): Promise<Answered<T>> => {
    // Who asks for the head alone handles the failure there.
    data.catch(() => {});
    const { outcome } = await call;
    const { status, attempts, requestId } = outcome.answer;
    // A function, and no list: a secret such as X-Subject-Token is not to be logged by chance.
    return { data: await data, status, attempts, requestId, header: (name) => outcome.headers?.get(name) ?? undefined };
  };
  return Object.assign(data, { withResponse });
}

/** @internal The JSON of an answer that came whole. */
export function whole<T>({ outcome }: { outcome: Outcome }): T {
  return outcome.json as T;
}
