// Workers have no import map.
import * as pangulm from "/node_modules/pangulm/dist/browser.js";
import * as signer from "/node_modules/pangulm/dist/signer/browser.js";
import { story } from "/support/story.mjs";

/** Firefox can lose an abort in a worker that follows upon the beginning of the answer: see docs/reliability.md. */
const PAUSE = 500;

onmessage = ({ data }) =>
  story(pangulm, signer, data, PAUSE).then(
    () => postMessage("kept"),
    (error) => postMessage(`${error}\n${error?.stack}`),
  );
