/** Reads the scenario files. */

import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../scenarios/", import.meta.url);

/**
 * The stories, by their file names; placeholders are filled in when they are run. `drivers` are the names
 * by which the files call who runs them.
 */
export function stories(...drivers) {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return files.sort().map((name) => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    const { promise, except } = JSON.parse(text);
    return { name, text, promise, reason: drivers.map((driver) => except?.[driver]).find(Boolean) };
  });
}
