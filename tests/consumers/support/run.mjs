import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs a program of the project's own, and rejects where it fails. */
export async function run(name, ...parameters) {
  const child = spawn(`node_modules/.bin/${name}`, parameters, { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
}
