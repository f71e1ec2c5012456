import { execFileSync } from "node:child_process";
import { run } from "./support/run.mjs";

// What npm would do, if it ran the scripts of packages.
execFileSync(process.execPath, ["install.js"], { cwd: "node_modules/bun" });
await run("bun", "support/server.mjs");
await run("bun", "main.cjs");
