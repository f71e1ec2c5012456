/** Clients of the emulator, and the code that makes such a client. */

import { PanguLM } from "../dist/browser.js";
import { javascript } from "./print.js";

/** Who calls, by the credential that the area takes. */
const CREDENTIALS = {
  apiKey: ({ apiKey }) => ({ apiKey }),
  accessKey: ({ iamUrl, iam, accessKeyId, secretAccessKey }) => ({
    iamEndpoint: iamUrl,
    domainId: iam.domainId,
    credentials: { accessKeyId, secretAccessKey },
  }),
  password: ({ iamUrl, iam: { domain, user, password } }) => ({
    iamEndpoint: iamUrl,
    credentials: { domain, user, password },
  }),
};

function options(info, credential) {
  return {
    endpoint: info.url,
    projectId: info.projectId,
    ...CREDENTIALS[credential](info),
    // Whoever opens a page can read the secrets in it, so the client refuses them without this consent.
    // These are the emulator's and open nothing. A page of yours holds none: it calls a proxy on its own
    // origin, which adds them (README, "In a web page").
    dangerouslyAllowBrowser: true,
  };
}

/** A client of its own for one run, which tells `logger` what it sends. */
export const newClient = (info, credential, logger) => new PanguLM({ ...options(info, credential), logger });

/** The code that makes it. */
export function clientCode(info, credential) {
  const made = javascript(options(info, credential)).replace(
    "  dangerouslyAllowBrowser",
    "  // The emulator's secrets open nothing; a page of yours holds none.\n  dangerouslyAllowBrowser",
  );
  return `import { PanguLM } from "pangulm";\n\nconst client = new PanguLM(${made});`;
}
