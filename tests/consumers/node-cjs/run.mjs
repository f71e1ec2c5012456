import { createRequire } from "node:module";
import { info } from "./support/emulator.mjs";

await createRequire(import.meta.url)("./main.cjs")(info);
