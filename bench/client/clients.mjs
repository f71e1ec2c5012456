/** Where the clients come from: ours as it is built, the others from their own node_modules. */

import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export function loadOurs() {
  return import("../../pkg/dist/node.js");
}

/** The package `name` of the folder `modules`. */
export function importRival(modules, name) {
  const require = createRequire(path.resolve(modules, "x.js"));
  return import(pathToFileURL(require.resolve(name)).href);
}
