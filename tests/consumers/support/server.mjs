/** The program of every runtime that is not a browser. */

import { PanguLM, PanguLMError } from "pangulm";
import { signRequest } from "pangulm/signer";
import { info } from "./emulator.mjs";
import { story } from "./story.mjs";

await story({ PanguLM, PanguLMError }, { signRequest }, info);
