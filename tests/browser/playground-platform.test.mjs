/** What the playground promises of every try of what is around the models: jobs, agents, accounts, storage. */

import { PLATFORM, tryAll } from "../support/playground-tries.mjs";

tryAll(PLATFORM);
