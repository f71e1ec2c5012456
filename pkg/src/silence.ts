/** Timers cannot be longer, some 24 days. */
export const LONGEST_TIMER = 0x7fff_ffff;

/**
 * Notices that something awaited does not come. One timer serves many waits: a stream has thousands
 * of pieces, and making a timer for each costs as much as decoding it.
 */
export class Silence {
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `tooLong` is called when one wait takes `limit` milliseconds. It is held as long as a timer runs. */
  constructor(
    readonly limit: number,
    readonly tooLong: () => void,
  ) {}

  /** The wait begins. */
  begin(): void {
    this.#since = performance.now();
    if (this.#timer === undefined) this.#arm(this.limit);
  }

  /** It came: silence does not count until the next wait. */
  end(): void {
    this.#since = undefined;
  }

  /** Nothing is awaited any more. */
  stop(): void {
    this.end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.ceil(milliseconds), LONGEST_TIMER));
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#since === undefined) return;
    const left = this.#since + this.limit - performance.now();
    if (left > 0) this.#arm(left);
    else this.tooLong();
  }
}
