#!/usr/bin/env node
/** Starts the emulator's program. Each platform's is in a package of its own, of which npm installs the one that fits. */

import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const name = `@pangulm/emulator-${process.platform}-${process.arch}`;
const program = find(`${name}/pangulm-emulator${process.platform === "win32" ? ".exe" : ""}`);
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });

// A terminal sends Ctrl-C to the program, too; other signals reach this process alone.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => complain(`${program} does not start: ${error.message}`));
child.on("exit", (code) => process.exit(code ?? 1));

function find(file) {
  try {
    return createRequire(import.meta.url).resolve(file);
  } catch {
    return complain(
      `the package ${name} is not installed. Install with optional dependencies (npm install --include=optional pangulm-emulator);\n` +
        "if there is no such package for your platform, build the emulator with Rust: cargo install pangulm-emulator",
    );
  }
}

function complain(message) {
  console.error(`pangulm-emulator: ${message}`);
  process.exit(1);
}
