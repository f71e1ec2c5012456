/**
 * Which requests to OBS are sent again, and after how long: the rule of the OBS of the Rust client.
 * It stands here once more because the engine, where its waits are, is not part of `pangulm/obs`:
 * a page that only moves objects loads nothing of it.
 */

import type { PanguLMError } from "../errors.js";
import { neverConnected } from "../failure.js";
import type { SigningCredentials } from "../signer/options.js";
import { ofCertificate } from "./failure.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;

/** What all retries of a bucket, or of all buckets of a client, cost together, so that an outage is not made worse. */
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

/** How long to wait before the next attempt, in milliseconds. */
export function waitBefore(retries: number, asked: number | undefined): number {
  return asked ?? Math.random() * Math.min(FIRST_WAIT * 2 ** retries, LONGEST_WAIT);
}

/** How far the time of a request may be from OBS's own, in milliseconds. */
const SKEW = 15 * 60_000;

/**
 * By how much OBS's clock is ahead of this one, in milliseconds, if that is why a request was refused which took
 * it to be `taken` ahead. A URL that has ended is refused as one is that may not be used, and a HEAD without
 * words: there only the date tells.
 */
export function clockAhead({ code, status }: PanguLMError, date: string | null, taken: number): number | undefined {
  const ahead = Date.parse(date ?? "") - Date.now();
  const maybe = status === 403 && (code === undefined || code === "AccessDenied") && Math.abs(ahead - taken) >= SKEW;
  return (code === "RequestTimeTooSkewed" || maybe) && !Number.isNaN(ahead) ? ahead : undefined;
}

/** Whether a temporary key has ended. A HEAD is refused without words. */
export function lostKey({ code, status }: PanguLMError, key: SigningCredentials | undefined): boolean {
  const ended = code === undefined ? status === 403 : code === "InvalidAccessKeyId" || code === "AccessDenied";
  return key?.securityToken !== undefined && ended;
}
