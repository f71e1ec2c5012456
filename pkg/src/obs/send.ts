/** One request to OBS: its URL signed, sent, and sent again where that is right. */

import type { PanguLMError } from "../errors.js";
import { type LogEvent, tell, tellFailure } from "../log.js";
import type { Thrown } from "../middleware.js";
import { invalid, type SigningCredentials } from "../signer/options.js";
import { presign } from "../signer/presign.js";
import { sleep } from "../sleep.js";
import { clockAhead, lostKey, mayReconnect, mayRepeat, RetryBudget, waitBefore } from "./again.js";
import { refused, takesNoBucket, unreachable } from "./failure.js";
import { type BucketOptions, checkNumbers, type Content, type ObsRequest, type SignalOptions } from "./options.js";
import { type Home, Turn } from "./turn.js";

/** The life of a URL that is used at once, in seconds. */
const AT_ONCE = 900;

/** What is asked of a bucket. */
export interface Ask {
  /** The name of this in errors. */
  operation: string;
  method: string;
  key?: string | undefined;
  query?: Record<string, string | null>;
  contentType?: string | undefined;
  headers?: Record<string, string>;
  /** Headers that are signed as well. */
  signedHeaders?: Record<string, string> | undefined;
  body?: Content;
  /** The settings of this call. */
  settings: SignalOptions;
}

/** What the buckets of one client have in common; one without a client has it to itself. */
export class Common {
  readonly budget = new RetryBudget();
  /** By how much OBS's clock is ahead of this one, in milliseconds. */
  ahead = 0;
}

/** Who makes the calls of a bucket. */
export interface Owner {
  common: Common;
  /** Where its calls are known, once it can make any. */
  home(): Home | Promise<Home>;
}

/** A failure, and what may be done about it. */
interface Failed {
  error: PanguLMError;
  /** Whether the same request may be sent again after a wait. */
  again: boolean;
  /** By how much the clock is to be corrected. */
  ahead?: number | undefined;
}

/** Sends to one bucket. */
export class Sender {
  readonly #owner: Owner;

  constructor(
    readonly bucket: string,
    readonly options: BucketOptions,
    owner?: Owner,
  ) {
    if (typeof bucket !== "string" || bucket === "") throw invalid("bucket", "must be a name");
    if ((options.credentials === undefined) === (options.sign === undefined)) {
      throw invalid("credentials", "or sign must be given, and not both", "give a key, or a function that has URLs signed");
    }
    checkNumbers(options);
    const home = { lives: new Set<never>() };
    this.#owner = owner ?? { common: new Common(), home: () => home };
  }

  /** A URL that makes a request good for whoever has it. */
  async url(ask: Omit<Ask, "settings">, expiresIn: number): Promise<string> {
    return this.#signed(ask, expiresIn, await this.#key());
  }

  async #key(refused?: SigningCredentials): Promise<SigningCredentials | undefined> {
    const { credentials } = this.options;
    return typeof credentials === "function" ? credentials(refused) : credentials;
  }

  async #signed(ask: Omit<Ask, "settings">, expiresIn: number, key: SigningCredentials | undefined): Promise<string> {
    const { method, key: object, query = {}, contentType, signedHeaders: headers } = ask;
    const { sign, region, endpoint } = this.options;
    const wanted: ObsRequest = {
      method,
      bucket: this.bucket,
      query,
      ...(object !== undefined && { key: object }),
      ...(contentType !== undefined && { contentType }),
      ...(headers !== undefined && { headers }),
    };
    if (sign !== undefined) return sign(wanted);
    return presign({
      ...(key as SigningCredentials),
      ...wanted,
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      addressing: this.#addressing(),
      expiresIn,
      date: new Date(Date.now() + this.#owner.common.ahead),
    });
  }

  #addressing(): "virtualHost" | "path" | "customDomain" {
    return this.options.addressing ?? (takesNoBucket(this.options.endpoint) ? "path" : "virtualHost");
  }

  /** The headers of metadata: where a bucket stands in the path or behind a domain, AWS's names count. */
  metadata(own: Record<string, string> | undefined): Record<string, string> | undefined {
    if (own === undefined) return undefined;
    const prefix = this.#addressing() === "virtualHost" ? "x-obs-meta-" : "x-amz-meta-";
    return Object.fromEntries(Object.entries(own).map(([name, value]) => [prefix + name.toLowerCase(), value]));
  }

  /**
   * Makes a call: sends a request, again where that is right, and reads the answer. Each attempt is signed anew.
   *
   * @throws {PanguLMError} unless it is a success.
   */
  async send<T>(ask: Ask, read: (answer: Response, turn: Turn) => T | Promise<T>): Promise<T> {
    const { operation, settings } = ask;
    const { logger, timeout = 600_000 } = this.options;
    checkNumbers(settings);
    const turn = new Turn(operation, await this.#owner.home(), settings.timeout ?? timeout, settings.signal);
    try {
      if (turn.ended !== undefined) throw turn.ended;
      const answer = await this.#attempts(ask, turn);
      const made = await read(answer, turn);
      tell(logger, { event: "success", operation, status: answer.status, attempts: turn.attempts, requestId: idOf(answer) });
      return made;
    } catch (thrown) {
      const error = turn.ended ?? thrown;
      tellFailure(logger, operation, error);
      turn.over();
      throw error;
    } finally {
      turn.leave();
    }
  }

  async #attempts(ask: Ask, turn: Turn): Promise<Response> {
    const { common } = this.#owner;
    // Types do not hold everyone from giving a stream, which is gone once it was sent.
    const repeatable = !(ask.body instanceof ReadableStream);
    const most = repeatable ? (ask.settings.maxRetries ?? this.options.maxRetries ?? 2) : 0;
    let key: SigningCredentials | undefined;
    let [retries, clockMended, keyRenewed] = [0, false, false];
    for (;;) {
      key ??= await turn.during(this.#key());
      const answer = await this.#attempt(ask, turn, key);
      if (!("error" in answer)) {
        common.budget.earn();
        return answer;
      }
      const { error, again, ahead } = answer;
      // Each once: a clock or a key that stays wrong is not to be asked about for ever.
      if (repeatable && ahead !== undefined && !clockMended) {
        common.ahead = ahead;
        clockMended = true;
        this.#tell(ask, { event: "wait", milliseconds: 0, reason: error.message, requestId: error.requestId });
        continue;
      }
      if (repeatable && lostKey(error, key) && !keyRenewed && typeof this.options.credentials === "function") {
        const fresh = await turn.during(this.#key(key));
        if (fresh?.accessKeyId === key?.accessKeyId) throw error;
        key = fresh;
        keyRenewed = true;
        this.#tell(ask, { event: "wait", milliseconds: 0, reason: error.message, requestId: error.requestId });
        continue;
      }
      const wait = waitBefore(retries, error.retryAfter);
      if (!again || retries >= most || wait >= turn.left || !common.budget.spend()) throw error;
      retries += 1;
      this.#tell(ask, { event: "wait", milliseconds: wait, reason: error.message, requestId: error.requestId });
      await turn.during(sleep(wait, turn.signal));
      // A key may end meanwhile.
      key = undefined;
    }
  }

  async #attempt(ask: Ask, turn: Turn, key: SigningCredentials | undefined): Promise<Response | Failed> {
    const { operation, method } = ask;
    const ahead = this.#owner.common.ahead;
    const address = await turn.during(this.#signed(ask, AT_ONCE, key));
    const url = new URL(address);
    turn.attempts += 1;
    // A signed address is as good as a key.
    this.#tell(ask, { event: "attempt", method, url: url.origin + url.pathname });
    let answer: Response | Thrown;
    try {
      answer = await turn.during(this.#fetch(ask, address, turn.signal));
    } catch (cause) {
      if (turn.ended !== undefined) throw turn.ended;
      return { error: unreachable(operation, url, cause, turn.attempts), again: mayReconnect(method, cause) };
    }
    if ("thrown" in answer) throw answer.thrown;
    const { ok, status, headers } = answer;
    this.#tell(ask, { event: "answer", status, requestId: idOf(answer) });
    if (ok) return answer;
    // The status says enough where the rest does not come.
    const said = await turn.during(answer.text().catch(() => ""));
    const error = refused(operation, answer, said, turn.attempts, key?.securityToken);
    const signsHere = this.options.sign === undefined;
    return {
      error,
      again: mayRepeat(method, status),
      ahead: signsHere ? clockAhead(error, headers.get("date"), ahead) : undefined,
    };
  }

  async #fetch(ask: Ask, url: string, signal: AbortSignal): Promise<Response | Thrown> {
    const { operation, method, contentType, body } = ask;
    const { middleware, fetch = globalThis.fetch.bind(globalThis) } = this.options;
    const headers = { ...ask.headers, ...ask.signedHeaders, ...(contentType !== undefined && { "content-type": contentType }) };
    const init: RequestInit = { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) };
    if (middleware === undefined) return fetch(url, init);
    return (await import("../middleware.js")).through(middleware, fetch, operation, url, init);
  }

  #tell({ operation }: Ask, event: Told): void {
    tell(this.options.logger, { operation, ...event } as LogEvent);
  }
}

/** An event of a call whose operation is known. */
type Told = LogEvent extends infer Event ? (Event extends LogEvent ? Omit<Event, "operation"> : never) : never;

/** OBS's id of the request. */
export function idOf({ headers }: Response): string | undefined {
  return header(headers, "x-obs-request-id");
}

/** The value of a header that OBS answers. */
export function header(headers: Headers, name: string): string | undefined {
  return headers.get(name) ?? undefined;
}
