import { openBuilt } from "./support/browser.mjs";

await openBuilt(".", `<!doctype html><meta charset="utf-8" /><script type="module" src="/page.js"></script>`);
