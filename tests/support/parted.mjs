/**
 * Makes the npm package run in Node as it runs in a page: the engine in two files, the second of which
 * is fetched when it is first needed. For `node --import`.
 */

import { register } from "node:module";
import { serveFiles } from "./file-fetch.mjs";

const resolve = 'specifier.endsWith("/pkg/dist/node.js") ? specifier.replace("node.js", "browser.js") : specifier';
const hooks = `export const resolve = (specifier, context, next) => next(${resolve}, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
serveFiles();
