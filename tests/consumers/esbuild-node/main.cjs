const pangulm = require("pangulm");
const signer = require("pangulm/signer");
const { story } = require("./support/story.cjs");

story(pangulm, signer, JSON.parse(process.env.PANGULM_EMULATOR_INFO));
