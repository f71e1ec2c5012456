/** What this package needs of a runtime, and errors that say what an old or a strict one lacks. */

import { localError, PanguLMError } from "./errors.js";

/** By the names of what runtimes have come to know last, or leave out. */
const NEEDED = ["WebAssembly", "FinalizationRegistry", "TextDecoder", "TextEncoder", "fetch"];

/** The error of a client that cannot start, or cannot send. */
export function explain(error: unknown): unknown {
  if (error instanceof PanguLMError) return error;
  const missing = NEEDED.filter((name) => (globalThis as Record<string, unknown>)[name] === undefined);
  if (missing.length > 0) {
    const remedy = "use Node 20, Deno, Bun or a browser of 2022 or later, or on Cloudflare Workers a compatibility_date from 2025-05-05 on";
    return unfit(`this runtime has no ${missing.join(", no ")}`, remedy, error);
  }
  const said = error instanceof Error ? error.message : String(error);
  if (/content.security|csp|unsafe-eval/i.test(said)) {
    const remedy = "allow it in the page's Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'";
    return unfit(`WebAssembly is forbidden here (${said})`, remedy, error);
  }
  const remedy =
    "see that the page may load the wasm file: that it is served beside the script, and that connect-src of a Content-Security-Policy allows it";
  return unfit(`the wasm file cannot be loaded (${said})`, remedy, error);
}

function unfit(detail: string, remedy: string, cause: unknown): PanguLMError {
  return localError("runtime", `${detail}: ${remedy}`, { detail, remedy }, cause);
}
