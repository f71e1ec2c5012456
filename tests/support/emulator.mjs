/** Starts the emulator for a test file. It ends when this process closes its stdin, or dies. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * @param {string[]} flags further flags of the emulator
 * @returns {Promise<Emulator>}
 */
export async function startEmulator(...flags) {
  const program = process.env.PANGULM_EMULATOR_BIN;
  if (!program) throw new Error("PANGULM_EMULATOR_BIN is not set: run the tests by `cargo xtask test`");
  const child = spawn(program, ["--port", "0", "--until-stdin-closes", "--pace", "0", ...flags], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the emulator ended with ${code} before it said where it serves`)));
  });
  return new Emulator(child, JSON.parse(first));
}

/** A running emulator. */
class Emulator {
  #child;
  /** What its first line says: addresses, ids, credentials. */
  info;

  constructor(child, info) {
    this.#child = child;
    this.info = info;
  }

  /** Client options that reach it, without a credential. */
  get address() {
    const { url, iamUrl, projectId, deploymentId } = this.info;
    return { endpoint: url, iamEndpoint: iamUrl, projectId, deployment: deploymentId };
  }

  /** What it has recorded of the requests that carried this key in their fault header. */
  async requests(key) {
    const answer = await fetch(`${this.info.url}/_emulator/requests?key=${encodeURIComponent(key)}`);
    return (await answer.json()).requests;
  }

  stop() {
    this.#child.stdin.end();
    return new Promise((resolve) => this.#child.once("exit", resolve));
  }
}
