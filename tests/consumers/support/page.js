/** The script of every page: tells the story, and its end in the title. */

import { PanguLM, PanguLMError } from "pangulm";
import { signRequest } from "pangulm/signer";
import { story } from "./story.mjs";

const info = JSON.parse(decodeURIComponent(location.hash.slice(1)));
story({ PanguLM, PanguLMError }, { signRequest }, info).then(
  () => (document.title = "kept"),
  (error) => (document.title = `${error}\n${error?.stack}`),
);
