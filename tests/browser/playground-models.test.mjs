/** What the playground promises of every try of a model. */

import { MODELS, tryAll } from "../support/playground-tries.mjs";

tryAll(MODELS);
