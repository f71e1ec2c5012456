import { run } from "./support/run.mjs";

await run("deno", "run", "--allow-net", "--allow-env", "--node-modules-dir=manual", "--no-remote", "support/server.mjs");
