/** Starts the Chromium that `cargo xtask test` has found. */

import { chromium } from "playwright-core";

/** Flags that let it run as root, without a display and without calling home. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchBrowser() {
  const executablePath = process.env.PANGULM_CHROMIUM;
  if (!executablePath) throw new Error("PANGULM_CHROMIUM is not set: run the tests by `cargo xtask test`");
  return chromium.launch({ executablePath, args: FLAGS });
}
