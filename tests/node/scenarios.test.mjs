/** The scenarios that every driver runs, by the npm package in Node. */

import { after, before, test } from "node:test";
import * as pangulm from "../../pkg/dist/node.js";
import { startEmulator } from "../support/emulator.mjs";
import { run } from "../support/scenario.mjs";
import { stories } from "../support/stories.mjs";

let emulator;

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

for (const story of stories("npm")) {
  test(story.promise, { skip: story.reason }, () => run(story, emulator, pangulm));
}
