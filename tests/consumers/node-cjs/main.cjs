const pangulm = require("pangulm");
const signer = require("pangulm/signer");
const { Bucket } = require("pangulm/obs");
const { story } = require("./support/story.cjs");

module.exports = async (info) => {
  await story(pangulm, signer, info);
  const { obsUrl, obsBucket, accessKeyId, secretAccessKey } = info;
  const bucket = new Bucket(obsBucket, { endpoint: obsUrl, credentials: { accessKeyId, secretAccessKey } });
  const error = await bucket.get("none").catch((thrown) => thrown);
  // Each file for CommonJS has classes of its own.
  if (!(error instanceof pangulm.PanguLMError)) throw new Error(`not kept: an error is one across copies: ${error}`);
};
