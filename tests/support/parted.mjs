/**
 * Makes the npm package run in Node as it runs in a page: the engine in two files, the second of which
 * is loaded when it is first needed. For `node --import`.
 */

import { readFile } from "node:fs/promises";
import "../../pkg/dist/node.js";
import { setWasmSource } from "../../pkg/dist/engine.js";

const part = (name) => (file) => readFile(new URL(`../../pkg/dist/${file}-${name}.wasm`, import.meta.url));
setWasmSource(part("first"), part("rest"));
