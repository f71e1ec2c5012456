import { openBuilt } from "./support/browser.mjs";
import { run } from "./support/run.mjs";

await run("parcel", "build", "index.html", "--no-cache", "--log-level", "warn");
await openBuilt("dist");
