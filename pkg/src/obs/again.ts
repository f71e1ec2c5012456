/**
 * Which requests to OBS are sent again, and after how long: the rule of the OBS of the Rust client.
 * It stands here once more because the engine, where its waits are, is not part of `pangulm/obs`:
 * a page that only moves objects loads nothing of it.
 */

import { neverConnected } from "../failure.js";
import { ofCertificate } from "./failure.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** A server that asks for more is not waited for: a client's calls end after this time, too. */
const LONGEST_ASKED = 600_000;

/** What all retries of a bucket cost together, so that an outage is not made worse. */
export class RetryBudget {
  #tokens = 100;

  /** Takes the price of a retry, if it is there. */
  spend(): boolean {
    if (this.#tokens < 5) return false;
    this.#tokens -= 5;
    return true;
  }

  earn(): void {
    this.#tokens = Math.min(this.#tokens + 1, 100);
  }
}

/** Whether what OBS refused may be asked again. A POST may have begun or completed an upload. */
export function mayRepeat(method: string, status: number): boolean {
  if (status === 429 || status === 503) return true;
  return method !== "POST" && (status === 408 || (status >= 500 && status !== 507));
}

/** Whether what got no answer may be asked again. A certificate does not change from one attempt to the next. */
export function mayReconnect(method: string, error: unknown): boolean {
  return neverConnected(error) || (method !== "POST" && !ofCertificate(error));
}

/** How long to wait before the next attempt, in milliseconds; `undefined` if that is too long. */
export function waitBefore(retries: number, asked: number | undefined): number | undefined {
  const wait = asked ?? Math.random() * Math.min(FIRST_WAIT * 2 ** retries, LONGEST_WAIT);
  return wait < LONGEST_ASKED ? wait : undefined;
}
