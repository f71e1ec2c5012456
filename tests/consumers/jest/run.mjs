import { run } from "./support/run.mjs";

await run("jest", "--ci");
