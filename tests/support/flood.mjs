/** A server whose streamed answer has no end and comes as fast as it is read, also by pages of elsewhere. */

import { createServer } from "node:http";

const PIECE = `data: {"choices":[{"index":0,"delta":{"content":"${"a".repeat(60_000)}"}}]}\n\n`;

export async function startFlood() {
  let written = 0;
  const server = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "");
    if (request.method === "OPTIONS") return response.end();
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.setMaxListeners(0);
    while (!response.destroyed) {
      written += PIECE.length;
      if (!response.write(PIECE)) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    /** The length of one event. */
    piece: PIECE.length,
    /** How much has been written. */
    written: () => written,
    /** How much has been written once the buffers on the way are full and the server stands still. */
    async atRest() {
      for (let before = -1, still = 0; still < 5; still = before === written ? still + 1 : 0) {
        before = written;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return written;
    },
    stop: () => server.close(server.closeAllConnections()),
  };
}
