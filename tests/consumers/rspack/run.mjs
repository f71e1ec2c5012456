import { promisify } from "node:util";
import { rspack } from "@rspack/core";
import { openBuilt } from "./support/browser.mjs";

const made = await promisify(rspack)({ mode: "production", entry: { page: "./support/page.js" } });
if (made.hasErrors() || made.hasWarnings()) throw new Error(made.toString());
await openBuilt("dist");
