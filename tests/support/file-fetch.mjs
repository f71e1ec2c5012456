/** Lets `fetch` get files of this machine, as it gets them from a server in a page. */

import { readFile } from "node:fs/promises";

/** @param {(name: string) => void} [seen] is told the name of each file, and may refuse it by throwing */
export function serveFiles(seen = () => {}) {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    if (!(input instanceof URL) || input.protocol !== "file:") return fetch(input, init);
    seen(input.pathname.split("/").pop());
    return new Response(await readFile(input));
  };
}
