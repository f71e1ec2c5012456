import type { PanguLM } from "./client.js";
import { arrived } from "./late.js";
import type { ListOptions } from "./obs/list.js";
import type { Obs } from "./obs/of-client.js";
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

/**
 * A group of operations that needs no code of its own: the engine's table says which members of the
 * input are parameters; the rest is the body. A name that is no operation fails when it is called.
 *
 * @internal
 */
export function operationGroup<Ids extends OperationId>(client: PanguLM): OperationGroup<Ids> {
  return methods((name) => (input: object = {}, options: CallOptions = {}) => client._named(name, input, options));
}

/**
 * A group whose code is loaded when one of its methods is called, for a page is to download no more
 * than it uses. Each method gives a promise anyway.
 *
 * @internal
 */
export function lateGroup<Group extends object>(load: () => Promise<Group>): Group {
  return methods((name) => (...given: unknown[]) => {
    // Within a list, for a promise of a promise is one promise, which has no `withResponse`.
    const called = arrived(load).then((group) => [(group as Record<string, Method>)[name]!(...given)] as const);
    const data = called.then(([answer]) => answer);
    const withResponse = async () => {
      data.catch(() => {});
      const [answer] = await called;
      return answer.withResponse!();
    };
    return Object.assign(data, { withResponse });
  });
}

/**
 * Buckets whose code is loaded when one of their methods is called. A list alone is no promise.
 *
 * @internal
 */
export function lateObs(load: () => Promise<Obs>): Obs {
  return methods((place) => (name: string) => {
    const bucket = async () => (await load())[place as keyof Obs](name);
    return Object.assign(Object.create(lateGroup(bucket)), {
      async *list(options?: ListOptions) {
        yield* (await arrived(bucket)).list(options);
      },
    });
  });
}

type Method = (...given: unknown[]) => Promise<unknown> & Partial<Answering<unknown>>;

/** What the language asks of any object: whether it is a promise, and whether it writes its own JSON. */
const NO_METHOD = new Set(["then", "toJSON"]);

/** An object with a method of every name. */
function methods<Group extends object>(method: (name: string) => unknown): Group {
  const get = (_: object, name: string | symbol) => (typeof name === "string" && !NO_METHOD.has(name) ? method(name) : undefined);
  return new Proxy({}, { get }) as Group;
}
