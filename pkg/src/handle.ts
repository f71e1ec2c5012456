import { unwatch, watch } from "./abandoned.js";
import type { AnyAnswer } from "./boundary.js";
import type { Instance } from "./engine.js";
import { PanguLMError } from "./errors.js";

/** Something that lives in wasm: an engine, a call, the decoder of a stream, a job, a list. */
export class Handle {
  readonly #instance: Instance;
  readonly #number: number;
  readonly #waiting: Map<number, () => void>;

  /** `waiting`: the calls of its engine that wait for others. The number 0 is wasm itself. */
  constructor(instance: Instance, number: number, waiting: Map<number, () => void>) {
    this.#instance = instance;
    this.#number = number;
    this.#waiting = waiting;
    if (number > 0) watch(this, () => free(instance, number), this);
  }

  /** What else lives there, by the number that an answer gave. */
  other(number: number): Handle {
    return new Handle(this.#instance, number, this.#waiting);
  }

  /** Asks; a refusal is thrown. Streams take bytes without a question. */
  ask<Answer>(question?: object, bytes?: Uint8Array): Answer {
    const answer = this.#instance.ask(this.#number, question, bytes);
    this.#wake(answer);
    if (answer.error !== undefined) throw new PanguLMError(answer.error);
    return answer as Answer;
  }

  /** Gives it back. */
  free(): void {
    unwatch(this);
    this.#wake(free(this.#instance, this.#number));
  }

  /** Lets the calls go on that this has set free. */
  #wake({ woken }: AnyAnswer): void {
    woken?.forEach((call) => this.#waiting.get(call)?.());
  }
}

/** Nothing is to be given back once wasm has broken down. */
function free(instance: Instance, number: number): AnyAnswer {
  return instance.broken === undefined ? instance.ask(number, { ask: "free" }) : {};
}
