import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { tellSize } from "./support/emulator.mjs";

// As functions in a cloud are deployed: the one file, far from node_modules.
const away = mkdtempSync(join(tmpdir(), "pangulm-"));
try {
  for (const format of ["cjs", "esm"]) {
    const outfile = format === "cjs" ? "dist/server.cjs" : "dist/server.mjs";
    const entry = format === "cjs" ? "main.cjs" : "support/server.mjs";
    await build({ entryPoints: [entry], outfile, bundle: true, minify: true, platform: "node", format });
    cpSync(outfile, join(away, outfile));
    execFileSync(process.execPath, [join(away, outfile)], { stdio: "inherit" });
  }
} finally {
  rmSync(away, { recursive: true });
}
tellSize(gzipSync(readFileSync("dist/server.mjs"), { level: 9 }).length);
