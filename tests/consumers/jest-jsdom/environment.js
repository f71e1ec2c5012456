const { TestEnvironment } = require("jest-environment-jsdom");

/** What every browser has and jsdom has not: lent by Node. */
const MISSING = ["Request", "Response", "TextDecoder", "TextEncoder", "fetch"];

/** A page of jsdom with what the package needs. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of MISSING) this.global[name] = globalThis[name];
    Object.defineProperty(this.global, "crypto", { value: globalThis.crypto });
  }
};
