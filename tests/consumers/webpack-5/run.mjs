import { promisify } from "node:util";
import webpack from "webpack";
import { openBuilt } from "./support/browser.mjs";

const made = await promisify(webpack)({ mode: "production", entry: { page: "./support/page.js" } });
if (made.hasErrors() || made.hasWarnings()) throw new Error(made.toString());
await openBuilt("dist");
