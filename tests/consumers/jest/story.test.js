const pangulm = require("pangulm");
const signer = require("pangulm/signer");
const { story } = require("./support/story.cjs");

test("the story is kept", () => story(pangulm, signer, JSON.parse(process.env.PANGULM_EMULATOR_INFO)), 60_000);
