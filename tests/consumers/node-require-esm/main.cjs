// Works only if nothing in the package's modules awaits at the top.
const { pangulm, signer } = require("./modules.mjs");
const { story } = require("./support/story.cjs");

module.exports = (info) => story(pangulm, signer, info);
