import type { PanguLM } from "./client.js";
import type { CallOptions } from "./options.js";
import type { Answering, OperationAnswer, OperationBody, OperationId, OperationParameters } from "./types.js";

/** What an operation takes in one object: its parameters and the members of its body side by side. */
export type OperationInput<Id extends OperationId> = OperationParameters<Id> &
  (OperationBody<Id> extends undefined ? unknown : OperationBody<Id>);

/** Operations as methods, named as in the spec: `client.iam.createUser({ user: { … } })`. */
export type OperationGroup<Ids extends OperationId> = {
  readonly [Id in Ids]: (
    ...given: Record<never, never> extends OperationInput<Id>
      ? [input?: OperationInput<Id>, options?: CallOptions]
      : [input: OperationInput<Id>, options?: CallOptions]
  ) => Answering<OperationAnswer<Id>>;
};

/** What the language asks of any object: whether it is a promise, and whether it writes its own JSON. */
const NO_OPERATION = new Set(["then", "toJSON"]);

/**
 * A group of operations that needs no code of its own: the engine's table says which members of the
 * input are parameters; the rest is the body. A name that is no operation fails when it is called.
 *
 * @internal
 */
export function operationGroup<Ids extends OperationId>(client: PanguLM): OperationGroup<Ids> {
  const call = (name: string) => (input: object = {}, options: CallOptions = {}) => client._named(name, input, options);
  const get = (_: object, name: string | symbol) => (typeof name === "string" && !NO_OPERATION.has(name) ? call(name) : undefined);
  return new Proxy({}, { get }) as OperationGroup<Ids>;
}
