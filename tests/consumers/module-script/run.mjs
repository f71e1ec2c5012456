import { openBuilt } from "./support/browser.mjs";

// As from a CDN: the package's own files, unbundled.
const page = `<!doctype html>
<meta charset="utf-8" />
<script type="importmap">
  { "imports": { "pangulm": "/node_modules/pangulm/dist/browser.js", "pangulm/signer": "/node_modules/pangulm/dist/signer/browser.js" } }
</script>
<script type="module" src="/support/page.js"></script>`;
await openBuilt(".", page);
