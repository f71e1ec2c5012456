/**
 * Runs the scenario files by the npm package, in Node and in pages. Their format: tests/scenarios/README.md.
 * It imports nothing, so that a page can load it.
 */

/**
 * Runs a story and throws where its promise is not kept. `pangulm` is the package, `more` are further
 * options of its client.
 */
export async function run({ text, promise }, emulator, pangulm, more = {}) {
  await ask(emulator, "/_emulator/reset", {});
  const story = JSON.parse(await filled(text, emulator));
  // A token that was issued above is not the story's.
  const before = (await requests(emulator)).length;
  const client = await makeClient({ ...common(emulator), ...story.client }, pangulm, more);
  for (const [number, step] of story.steps.entries()) {
    if (step.emulator !== undefined) {
      await ask(emulator, `/_emulator/${step.emulator}`, step.send ?? {});
      continue;
    }
    const calls = Array.from({ length: step.atOnce ?? 1 }, () => outcome(client, step, pangulm));
    for (const actual of await Promise.all(calls)) {
      // What is not said to fail must not fail.
      const why = misfit("outcome", actual, { error: null, ...step.expect });
      if (why) throw new Error(`${promise}: step ${number}: ${why}\nin ${JSON.stringify(actual, null, 2)}`);
    }
  }
  if (story.requests !== undefined) await checkRequests(story, before, emulator);
}

/** How often to look before the emulator's records count as they are. */
const LOOKS = 200;

async function checkRequests({ promise, requests: expected }, before, emulator) {
  for (let look = 0; ; look += 1) {
    const seen = (await requests(emulator)).slice(before);
    const why = misfit("requests", seen, expected);
    if (!why) return;
    if (look === LOOKS) throw new Error(`${promise}: ${why}\nin ${JSON.stringify(seen, null, 2)}`);
    // That a client has gone away is written down a moment later.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The story with its placeholders filled in. A token is issued only if it is asked for. */
async function filled(text, emulator) {
  const { iam, ...info } = emulator.info;
  let story = text;
  for (const [name, value] of Object.entries({ ...info, ...iam })) story = story.replaceAll(`\${${name}}`, value);
  return story.includes("${token}") ? story.replaceAll("${token}", await issueToken(emulator)) : story;
}

async function issueToken(emulator) {
  const { projectId, iam } = emulator.info;
  const user = { name: iam.user, password: iam.password, domain: { name: iam.domain } };
  const identity = { methods: ["password"], password: { user } };
  const answer = await ask(emulator, "/v3/auth/tokens", { auth: { identity, scope: { project: { id: projectId } } } });
  return answer.headers.get("x-subject-token");
}

async function requests(emulator) {
  const answer = await ask(emulator, "/_emulator/requests");
  return (await answer.json()).requests;
}

/** Calls the emulator by hand: a GET, or a POST of the body. */
function ask(emulator, path, body) {
  return fetch(emulator.info.url + path, body && { method: "POST", body: JSON.stringify(body) });
}

function common({ info }) {
  return { endpoint: info.url, iamEndpoint: info.iamUrl, projectId: info.projectId, timeout: 20_000 };
}

const CREDENTIALS = ["token", "domain", "user", "password", "accessKeyId", "secretAccessKey", "securityToken"];

async function makeClient({ tokens, signingKey, ...given }, { PanguLM, importSecretKey }, more) {
  const options = { credentials: {}, ...more };
  for (const [name, value] of Object.entries(given)) {
    if (CREDENTIALS.includes(name)) options.credentials[name] = value;
    else if (value !== null) options[name] = value;
  }
  // The last token is given again and again.
  if (tokens) options.credentials.token = () => (tokens.length > 1 ? tokens.shift() : tokens[0]);
  if (signingKey) {
    options.credentials.secretAccessKey = await importSecretKey(signingKey);
    if (options.credentials.secretAccessKey.extractable) throw new Error("the signing key can be read");
  }
  return new PanguLM(options);
}

/** What came of a call. */
async function outcome(client, step, { PanguLMError }) {
  const headers = { ...step.headers, ...(step.fault && { "x-emulator-fault": step.fault }) };
  const result = {};
  try {
    if (step.operation !== "chat") {
      result.answer = await client.request(step.operation, step.parameters ?? {}, step.body, { headers });
    } else if (step.stream) {
      await read(await client.chat.completions.create({ ...step.body, stream: true }, { headers }), step, result);
    } else {
      result.answer = await client.chat.completions.create(step.body, { headers });
    }
  } catch (error) {
    if (!(error instanceof PanguLMError)) throw error;
    result.error = facts(error);
  }
  return result;
}

/** Reads a stream into a result, which keeps what came before an error. */
async function read(stream, { leaveAfter }, result) {
  result.chunks = 0;
  try {
    for await (const _ of stream) {
      result.chunks += 1;
      if (result.chunks === leaveAfter) break;
    }
  } finally {
    result.answer = stream.partial();
  }
}

const PREDICATES = [
  "invalidInput",
  "auth",
  "throttled",
  "connect",
  "timeout",
  "truncated",
  "stalled",
  "inStream",
  "contentFiltered",
  "outOfResources",
  "notFound",
  "transient",
];

/** Everything an error knows. */
function facts(error) {
  const is = Object.fromEntries(PREDICATES.map((name) => [name, error[`is${name[0].toUpperCase()}${name.slice(1)}`]]));
  const { kind, message, operation, field, status, code, requestId, retryAfter, attempts, body } = error;
  return { kind, message, operation, field, status, code, requestId, retryAfter, attempts, body, is };
}

/** Why a value does not fit a pattern; nothing if it does. */
function misfit(place, actual, pattern) {
  const wrong = `${place} is ${JSON.stringify(actual)}, not ${JSON.stringify(pattern)}`;
  if (Array.isArray(pattern)) {
    if (!Array.isArray(actual) || actual.length !== pattern.length) return wrong;
    return pattern.map((one, at) => misfit(`${place}[${at}]`, actual[at], one)).find(Boolean);
  }
  if (typeof pattern !== "object" || pattern === null) return (actual ?? null) === pattern ? undefined : wrong;
  for (const [name, expected] of Object.entries(pattern)) {
    const why = name.startsWith("$")
      ? !fits(name, actual, expected) && wrong
      : misfit(`${place}.${name}`, actual?.[name], expected);
    if (why) return why;
  }
}

function fits(how, actual, expected) {
  switch (how) {
    case "$has":
      return typeof actual === "string" && actual.includes(expected);
    case "$hasNot":
      return typeof actual === "string" && !actual.includes(expected);
    case "$atLeast":
      return actual >= expected;
    default:
      throw new Error(`there is no pattern ${how}`);
  }
}
