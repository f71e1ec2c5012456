// Workers have no import map.
import * as pangulm from "/node_modules/pangulm/dist/browser.js";
import * as signer from "/node_modules/pangulm/dist/signer/browser.js";
import { story } from "/support/story.mjs";

onmessage = ({ data }) =>
  story(pangulm, signer, data).then(
    () => postMessage("kept"),
    (error) => postMessage(`${error}\n${error?.stack}`),
  );
