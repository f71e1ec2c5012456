// The official Node signer as a filter: a request a line in, what it signed a line out.
// Argument: the node_modules folder it is installed in.
const path = require("node:path");
const querystring = require("node:querystring");
const readline = require("node:readline");

const core = path.join(path.resolve(process.argv[2]), "@huaweicloud/huaweicloud-sdk-core");
const { AKSKSigner } = require(path.join(core, "auth/AKSKSigner.js"));
const { BasicCredentials } = require(path.join(core, "auth/BasicCredentials.js"));
const { GlobalCredentials } = require(path.join(core, "auth/GlobalCredentials.js"));

let canonical;
const build = AKSKSigner.buildCanonicalRequest;
AKSKSigner.buildCanonicalRequest = function (...parts) {
  canonical = build.apply(this, parts);
  return canonical;
};

function credentials({ ak, sk, global, scope, token }, derived) {
  const data = { ak, sk, securityToken: token ?? undefined };
  if (derived) {
    const { region, service } = derived;
    Object.assign(data, { regionId: region, derivedAuthServiceName: service, derivedPredicate: () => true });
  }
  return global
    ? new GlobalCredentials({ ...data, domainId: scope ?? undefined })
    : new BasicCredentials({ ...data, projectId: scope ?? undefined });
}

function body({ kind, value }) {
  if (kind === "json") return JSON.parse(value);
  return kind === "bytes" ? Buffer.from(value, "base64") : value;
}

async function sign(given) {
  canonical = null;
  const queryParams = Object.fromEntries(
    given.query.map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  const signed = await credentials(given.key, given.derived).processAuthRequest(null, {
    method: given.method,
    endpoint: `https://${given.host}`,
    url: given.path,
    headers: Object.fromEntries(given.headers),
    queryParams,
    data: body(given.body),
  });
  const headers = Object.entries(signed.headers).map(([name, value]) => [name, `${value}`]);
  return { canonical, headers, query: querystring.stringify(queryParams) };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await sign(JSON.parse(line)).catch((error) => ({ error: `${error}` }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
})();
