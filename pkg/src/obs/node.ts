/** The entry for Node: the signer's file is read from the package's own folder. */

import "../signer/node.js";

export * from "./index.js";
