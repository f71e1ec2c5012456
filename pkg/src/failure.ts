/** Failures of fetch, in words and in kind. */

/** Codes of failures before any byte was sent, as Node, Deno and Bun name them. */
const NOT_CONNECTED = new Set([
  "ConnectionRefused",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
]);

export function neverConnected(error: unknown): boolean {
  return reasons(error).some((reason) => NOT_CONNECTED.has(String((reason as { code?: unknown }).code)));
}

/** The error and its causes, at most four of them. */
function reasons(error: unknown): object[] {
  const found: object[] = [];
  let reason = error;
  while (typeof reason === "object" && reason !== null && found.length < 4) {
    found.push(reason);
    reason = (reason as { cause?: unknown }).cause;
  }
  return found;
}

/** The failure in words; a browser says nothing about a refused preflight, so this does. */
export function describe(error: unknown, url?: string): string {
  const said = reasons(error).map((reason) => String((reason as { message?: unknown }).message ?? reason));
  const text = [...new Set(said.filter(Boolean))].join(": ") || String(error);
  const origin = typeof location === "undefined" ? undefined : location.origin;
  const elsewhere = url !== undefined && origin !== undefined && new URL(url).origin !== origin;
  if (!elsewhere) return text;
  return `${text}. Seen from a page, a service that does not allow cross-origin calls looks like this too, and the platform's gateway does not by default: call it through a proxy on the page's own origin. So does connect-src of a Content-Security-Policy that leaves it out`;
}
