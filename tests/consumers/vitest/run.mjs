import { run } from "./support/run.mjs";

await run("vitest", "run");
