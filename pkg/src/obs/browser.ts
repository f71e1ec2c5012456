/** The entry for browsers and bundlers: the signer's file is fetched when a key has to sign. */

import "../signer/browser.js";

export * from "./index.js";
