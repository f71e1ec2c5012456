/** The access key that signs for a client: its own, or a temporary one of IAM's. */

import type { PanguLM } from "../client.js";
import { localError } from "../errors.js";
import type { ClientOptions, Credentials } from "../options.js";
import type { SigningCredentials } from "../signer/options.js";

/** Keys that are fetched without being asked for live an hour. */
const SECONDS = 3_600;

/** A temporary key, and from when on another one is to be had, in milliseconds. */
interface Lease {
  key: SigningCredentials;
  renew: number;
}

/** Gives the key for a request; with `refused`, another one than the temporary key that was refused. */
export function keysOf(client: PanguLM, options: ClientOptions): (refused?: SigningCredentials) => Promise<SigningCredentials> {
  const credentials = options.credentials ?? {};
  const { accessKeyId, secretAccessKey, securityToken, agency, temporarySeconds, temporaryPolicy } = credentials;
  const isPlain = agency === undefined && temporarySeconds === undefined && temporaryPolicy === undefined;
  let asker: PanguLM | undefined;
  let lease: Promise<Lease> | undefined;
  let known: Lease | undefined;
  return async (refused) => {
    // A key of Web Crypto that signs requests to the platform cannot sign for OBS, but ask for keys that can.
    if (isPlain && accessKeyId !== undefined && typeof secretAccessKey === "string") {
      return { accessKeyId, secretAccessKey, ...(securityToken !== undefined && { securityToken }) };
    }
    if (!canAsk(credentials)) throw none();
    const ended = known !== undefined && (performance.now() >= known.renew || known.key.accessKeyId === refused?.accessKeyId);
    if (ended) [lease, known] = [undefined, undefined];
    // One fetch serves all that wait for it.
    asker ??= isPlain ? client : asking(client, options);
    lease ??= fetchKey(asker, credentials).then(
      (fresh) => (known = fresh),
      (error: unknown) => {
        lease = undefined;
        throw error;
      },
    );
    return (await lease).key;
  };
}

/** Whether there is something with which IAM can be asked. */
function canAsk({ accessKeyId, token, password }: Credentials): boolean {
  return accessKeyId !== undefined || token !== undefined || password !== undefined;
}

/** Who asks IAM for a key: the same client as itself, and neither by an agency nor with temporary keys. */
function asking(client: PanguLM, options: ClientOptions): PanguLM {
  const { agency, agencyDomain, agencyDomainId, temporarySeconds, temporaryPolicy, ...credentials } = options.credentials ?? {};
  const Client = client.constructor as new (options: ClientOptions) => PanguLM;
  return new Client({ ...options, credentials });
}

async function fetchKey(client: PanguLM, credentials: Credentials): Promise<Lease> {
  const { temporarySeconds, temporaryPolicy: policy, agency, agencyDomain, agencyDomainId } = credentials;
  // IAM's own default is for keys that were asked for.
  const seconds = temporarySeconds ?? (policy === undefined ? SECONDS : 900);
  const account = agencyDomain === undefined ? { domain_id: agencyDomainId } : { domain_name: agencyDomain };
  const identity =
    agency === undefined
      ? { methods: ["token"], token: { duration_seconds: seconds }, policy }
      : { methods: ["assume_role"], assume_role: { agency_name: agency, ...account, duration_seconds: seconds }, policy };
  // Counted from before the request: it may have been on its way for a while.
  const renew = performance.now() + seconds * 1_000 * 0.8;
  const asked = { auth: { identity } } as Parameters<typeof client.iam.createTemporaryAccessKey>[0];
  const { credential } = await client.iam.createTemporaryAccessKey(asked);
  const { access, secret, securitytoken } = credential;
  return { key: { accessKeyId: access, secretAccessKey: secret, securityToken: securitytoken }, renew };
}

function none() {
  const detail =
    "OBS takes access keys alone, and the client has no access key pair, and no token to get one with; give it an access key pair (accessKeyId and secretAccessKey, or HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK), or a token or password, or sign to obs()";
  return localError("credential", `credentials: ${detail}`, { detail, field: "credentials", is: ["auth"] });
}
