import { copyFileSync, writeFileSync } from "node:fs";
import { run } from "./support/run.mjs";

copyFileSync("surface.mts", "surface.cts");

/** Programs for pages, and for Node without the library of the DOM. */
const HOSTS = [
  { lib: ["ES2020", "DOM"], types: [] },
  { lib: ["ES2020"], types: ["node"] },
];
const RESOLUTIONS = [
  { module: "NodeNext", moduleResolution: "NodeNext" },
  { module: "ESNext", moduleResolution: "Bundler" },
];

for (const host of HOSTS) {
  for (const resolution of RESOLUTIONS) {
    const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: "ES2020", ...host, ...resolution };
    writeFileSync("tsconfig.json", JSON.stringify({ compilerOptions, files: ["surface.mts", "surface.cts"] }));
    await run("tsc");
  }
}
