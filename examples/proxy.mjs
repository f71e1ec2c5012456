/**
 * A proxy for web pages: it holds the API key, so that no page has to, and stands on the page's own
 * origin, so that no browser refuses the call. Put its one function behind your own server's login.
 *
 * With the emulator running (`cargo run -p pangulm-emulator -- --port 8787`):
 *
 *   export PANGU_ENDPOINT=http://127.0.0.1:8787/v1/7f3c1e9a5b2d4860a1c8e0f2d4b6a897/deployments/5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045/chat/completions
 *   export PANGU_API_KEY=emulator-api-key
 *   export SESSION=anything PORT=8788
 *   node examples/proxy.mjs
 */

import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const { PANGU_ENDPOINT, PANGU_API_KEY, SESSION, PORT } = process.env;
const call = new URL(PANGU_ENDPOINT);
const KEPT = ["content-type", "date", "retry-after", "x-request-id"];

/** Passes on the one call it knows, for visitors you know; all else would lend the key to anybody. */
async function pass(request, response) {
  // What the page's token function gave: check your own session here.
  if (request.headers["x-auth-token"] !== SESSION) return response.writeHead(401).end();
  if (request.method !== "POST" || request.url !== `/pangu${call.pathname}`) return response.writeHead(404).end();
  const left = new AbortController();
  response.on("close", () => left.abort());
  const answer = await fetch(call, {
    method: "POST",
    headers: { "content-type": "application/json", "x-apig-appcode": PANGU_API_KEY },
    body: Readable.toWeb(request),
    duplex: "half",
    signal: left.signal,
  });
  const headers = KEPT.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]);
  response.writeHead(answer.status, Object.fromEntries(headers));
  await pipeline(answer.body, response);
}

const server = createServer((request, response) => {
  pass(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/pangu`));
