import { localError } from "./errors.js";
import type { SigningKey } from "./host-types.js";
import { isKey } from "./keys.js";
import type { Logger } from "./log.js";
import type { Middleware } from "./middleware.js";
import { nearest } from "./names.js";

/** A token, or a token with the time at which it expires. */
export type Token =
  | string
  | {
      /** The token itself. */
      token: string;
      /** When it expires, as a date or in milliseconds since 1970. */
      expiresAt: Date | number;
    };

/**
 * Who is calling. One of:
 * - `{ proxied: true }`: nobody here; a proxy on the page's own origin adds the credential; V1 and V2.
 * - `{ apiKey }`: an API key from the console's 应用接入 page; V1 and V2.
 * - `{ token }`: an IAM token, or a function that gives one; V1.
 * - `{ domain, user, password }`: an IAM user; tokens are fetched and renewed; V1. With
 *   `{ userId, passcode }` for a user with MFA: a passcode serves for one login, and the calls after
 *   the day that its token lives are refused.
 * - `{ accessKeyId, secretAccessKey, securityToken? }`: signed requests; V1. In a page, give a
 *   `CryptoKey` of {@link importSecretKey} for the secret.
 *
 * More than one may be given at once; each call takes what it accepts.
 *
 * `{ agency, agencyDomain }` acts by an agency, and `{ temporarySeconds }` signs with temporary keys
 * alone; both are got from IAM with one of the above (the access key first) and renewed before they
 * end.
 */
export interface Credentials {
  /** A proxy of yours adds the credential: none is sent. The way for pages, which must hold no secret. */
  proxied?: boolean;
  /** An API key from the console's 应用接入 page. */
  apiKey?: string;
  /** An IAM token, or a function that gives one whenever the last is about to end. */
  token?: string | (() => Token | Promise<Token>);
  /** The name of the account that the user belongs to. */
  domain?: string;
  /** The name of the user. */
  user?: string;
  /** The user's password. */
  password?: string;
  /** The access key's id (AK). */
  accessKeyId?: string;
  /** The secret itself, or a key of {@link importSecretKey} that signs and cannot be read. */
  secretAccessKey?: string | SigningKey;
  /** What belongs to a temporary access key. */
  securityToken?: string;
  /** The id (not the name) of the user whose passcode is given. */
  userId?: string;
  /** What the user's virtual MFA device shows now. It is sent once. */
  passcode?: string;
  /** The name of an agency: the right to act in another account, which that account has given. */
  agency?: string;
  /** The name of the account that made the agency. */
  agencyDomain?: string;
  /** The id of that account, instead of its name. */
  agencyDomainId?: string;
  /** The life of temporary keys in seconds, from 900 to 86400. */
  temporarySeconds?: number;
  /** What temporary keys may do, if less than whoever asks for them. Only OBS honours it at present. */
  temporaryPolicy?: {
    /** The version of the policy's language: `1.1`. */
    Version: string;
    /** What is allowed and what is denied. */
    Statement: object[];
  };
}

/** Settings of a client. */
export interface ClientOptions {
  /**
   * The platform's address or a call path pasted from the console; without a project, a deployment's
   * own address, as at the edge. Default: the region's gateway.
   */
  endpoint?: string;
  /** The address of the OpenAI-compatible interface (V2), if it is another one. */
  v2Endpoint?: string;
  /** IAM's address. Default: the region's. */
  iamEndpoint?: string;
  /** The address of OBS, the object storage, without a bucket, for `client.obs()`. Default: the region's. */
  obsEndpoint?: string;
  /** The region. Default: `cn-southwest-2`. */
  region?: string;
  /** The project, for every operation that names one. */
  projectId?: string;
  /** The account's id, for signed requests to IAM. */
  domainId?: string;
  /** The deployment (V1) for calls that name none. */
  deployment?: string;
  /** The model (V2) for calls that name none. */
  model?: string;
  /** Who is calling. */
  credentials?: Credentials;
  /** Short for `credentials: { apiKey }`. */
  apiKey?: string;
  /** The time for a whole call in milliseconds, retries included; for a stream, until it begins. Default: 600000. */
  timeout?: number;
  /** How long a stream may be silent, in milliseconds. Default: 60000. */
  idleTimeout?: number;
  /** How often a call may be sent again. Default: 2. */
  maxRetries?: number;
  /**
   * How many requests a second the client sends to the models at most, from 1. With this limit or
   * the next one, a refusal for the service's own limits is no failure: the client sends more
   * slowly, and the refused call again as long as it has time. Default: no limit.
   */
  requestsPerSecond?: number;
  /** How many calls and streams may be under way at once, from 1. Default: no limit. */
  maxConcurrency?: number;
  /** The largest answer to take, in bytes. Default: 64 MiB. */
  maxAnswerBytes?: number;
  /** Let plain http leave this machine, for edge deployments on a network you trust. Default: false. */
  allowPlainHttp?: boolean;
  /** Is told of every attempt, answer, wait, success and failure; see `LogEvent`. No secret is ever part of it. */
  logger?: Logger;
  /** Stands around every attempt, the first one outermost; see {@link Middleware}. Default: none. */
  middleware?: readonly Middleware[];
  /** The function to send with. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Consent to have a secret in a web page, where every visitor can read it. Default: false. */
  dangerouslyAllowBrowser?: boolean;
}

/** Settings for one call; what is not given is as the client's. */
export interface CallOptions {
  /** Ends the call and its stream at once. */
  signal?: AbortSignal;
  /** The time for the whole call in milliseconds, retries included; for a stream, until it begins. */
  timeout?: number;
  /** How often it may be sent again. */
  maxRetries?: number;
  /** Further headers, as an object or as `Headers`. Those of credentials and signatures cannot be set. */
  headers?: Record<string, string> | Iterable<readonly [string, string]>;
  /** The function to send with. */
  fetch?: typeof globalThis.fetch;
}

type Kind = "string" | "number" | "boolean" | "function" | "object" | "list of functions";

const OPTIONS: Record<keyof ClientOptions, Kind> = {
  endpoint: "string",
  v2Endpoint: "string",
  iamEndpoint: "string",
  obsEndpoint: "string",
  region: "string",
  projectId: "string",
  domainId: "string",
  deployment: "string",
  model: "string",
  credentials: "object",
  apiKey: "string",
  timeout: "number",
  idleTimeout: "number",
  maxRetries: "number",
  requestsPerSecond: "number",
  maxConcurrency: "number",
  maxAnswerBytes: "number",
  allowPlainHttp: "boolean",
  logger: "function",
  middleware: "list of functions",
  fetch: "function",
  dangerouslyAllowBrowser: "boolean",
};

const CREDENTIALS: Record<keyof Credentials, Kind> = {
  proxied: "boolean",
  apiKey: "string",
  token: "string",
  domain: "string",
  user: "string",
  password: "string",
  accessKeyId: "string",
  secretAccessKey: "string",
  securityToken: "string",
  userId: "string",
  passcode: "string",
  agency: "string",
  agencyDomain: "string",
  agencyDomainId: "string",
  temporarySeconds: "number",
  temporaryPolicy: "object",
};

const CALL: Record<keyof CallOptions, Kind> = {
  signal: "object",
  timeout: "number",
  maxRetries: "number",
  headers: "object",
  fetch: "function",
};

/** Options that this side keeps to itself. */
const OURS: ReadonlySet<string> = new Set(["credentials", "obsEndpoint", "logger", "middleware", "fetch", "dangerouslyAllowBrowser"]);

/** @internal Checks names, types and the browser guard; all else is checked on first use. */
export function checkOptions(options: ClientOptions): void {
  checkTypes(options, OPTIONS, "option");
  if (options.credentials) checkTypes(options.credentials, CREDENTIALS, "credential");
  const secret = secretForPage(credentialsOf(options));
  if (secret && inPage() && !options.dangerouslyAllowBrowser) {
    const remedy = "Let a server of yours hold it and pass calls on, or give a token function; dangerouslyAllowBrowser: true is for local trials";
    throw localError("invalid_input", `${secret} in a web page can be read by every visitor. ${remedy}`, {
      field: secret,
      is: ["invalidInput"],
    });
  }
}

/** @internal Checks names and types of the settings for one call. */
export function checkCall(options: CallOptions): void {
  checkTypes(options, CALL, "setting of a call");
}

/** @internal Flat names and values for the engine. */
export function flatten(options: ClientOptions): string[] {
  const plain = Object.entries(options).filter(([name]) => !OURS.has(name));
  const credentials = Object.entries(credentialsOf(options)).map(([name, value]) => {
    if (typeof value === "function") return ["tokenCallback", "true"];
    if (isKey(value)) return ["driverSigns", "true"];
    return [name, typeof value === "object" ? JSON.stringify(value) : value];
  });
  return [...plain, ...credentials]
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [String(name), String(value)]);
}

/** @internal The key that signs and cannot be read, if there is one. */
export function signingKey(options: ClientOptions): CryptoKey | undefined {
  const secret = options.credentials?.secretAccessKey;
  return isKey(secret) ? secret : undefined;
}

/** @internal The token function, if there is one. */
export function tokenFunction(options: ClientOptions): (() => Token | Promise<Token>) | undefined {
  const token = options.credentials?.token;
  return typeof token === "function" ? token : undefined;
}

function credentialsOf(options: ClientOptions): Credentials {
  return options.apiKey === undefined ? { ...options.credentials } : { ...options.credentials, apiKey: options.apiKey };
}

function checkTypes(given: object, known: Record<string, Kind>, what: string): void {
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) {
      throw localError("invalid_input", `${name}: is no ${what}; ${instead(name, known)}`, { field: name, is: ["invalidInput"] });
    }
    const special =
      (name === "token" && typeof value === "function") ||
      (name === "secretAccessKey" && isKey(value)) ||
      (name === "middleware" && Array.isArray(value) && value.every((one) => typeof one === "function"));
    const fits = value === undefined || typeof value === kind || special;
    if (!fits || value === null || Number.isNaN(value)) {
      const got = value === null ? "null" : Number.isNaN(value) ? "NaN" : typeof value;
      throw localError("invalid_input", `${name}: must be a ${kind}; got ${got}`, { field: name, is: ["invalidInput"] });
    }
  }
}

/** What to write in place of a name that is not known here. */
function instead(wrong: string, known: Record<string, Kind>): string {
  const names = Object.keys(known);
  const near = nearest(wrong, names);
  if (near !== undefined) return `did you mean ${near}?`;
  const credential = known === OPTIONS ? nearest(wrong, Object.keys(CREDENTIALS)) : undefined;
  return credential === undefined ? `there are ${names.join(", ")}` : `did you mean credentials: { ${credential} }?`;
}

/** The name of a lasting secret among the credentials, if there is one. */
function secretForPage(credentials: Credentials): string | undefined {
  if (credentials.password !== undefined) return "password";
  if (typeof credentials.secretAccessKey === "string" && credentials.securityToken === undefined) return "secretAccessKey";
  return credentials.apiKey === undefined ? undefined : "apiKey";
}

function inPage(): boolean {
  return typeof window !== "undefined" && typeof window.document !== "undefined" && typeof navigator !== "undefined";
}
