import { build, createServer } from "vite";
import { inChromium, openBuilt } from "./support/browser.mjs";

await build({ logLevel: "warn" });
await openBuilt("dist");

const server = await createServer({ logLevel: "warn", server: { host: "127.0.0.1" } });
await server.listen();
try {
  await inChromium(`http://127.0.0.1:${server.httpServer.address().port}/`);
} finally {
  await server.close();
}
