/** The demo's pages, put together as `cargo xtask demo` does it. */

import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));

/** The folder to serve; who asks for it removes it. */
export async function stageSite() {
  const openapi = process.env.PANGULM_OPENAPI;
  if (!openapi) throw new Error("PANGULM_OPENAPI is not set: run the tests by `cargo xtask test`");
  const site = await mkdtemp(join(tmpdir(), "pangulm-demo-"));
  await cp(join(pkg, "demo/site"), site, { recursive: true });
  await cp(join(pkg, "dist"), join(site, "dist"), { recursive: true });
  await cp(openapi, join(site, "openapi"), { recursive: true });
  return site;
}
