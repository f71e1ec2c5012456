/**
 * The operations, out of the description that the package is made of. `cargo xtask demo` puts it beside
 * this page: the package itself carries no list of them.
 */

/** Which of the client's credentials serves; the first that an operation takes, in this order. */
const SCHEMES = { appCode: "apiKey", apiKey: "apiKey", akSk: "accessKey" };

/** All operations that answer whole. */
export async function loadOperations() {
  const documents = await Promise.all(
    ["pangulm", "iam"].map(async (name) => [name, await (await fetch(`../openapi/${name}.json`)).json()]),
  );
  return documents.flatMap(([name, document]) => operationsOf(name, document)).filter(({ streams }) => !streams);
}

function operationsOf(name, document) {
  const follow = (node) =>
    node?.$ref
      ? node.$ref
          .slice(2)
          .split("/")
          .reduce((inner, part) => inner[part], document)
      : node;
  return Object.entries(document.paths).flatMap(([path, { parameters: shared = [], ...methods }]) =>
    Object.entries(methods).map(([method, node]) => {
      const parameters = [...shared, ...(node.parameters ?? [])].map(follow);
      const [content] = Object.values(node.requestBody?.content ?? {});
      const schemes = node.security.map((scheme) => SCHEMES[Object.keys(scheme)[0]]);
      return {
        id: node.operationId,
        area: name === "iam" ? `iam: ${node.tags[0]}` : node.tags[0],
        method: method.toUpperCase(),
        path: path.split("#")[0],
        summary: node.summary,
        source: node.externalDocs.url,
        streams: onlyStreams(follow(node.responses["200"])),
        credential: Object.values(SCHEMES).find((credential) => schemes.includes(credential)) ?? "apiKey",
        parameters: (info) => samplesOf(node.operationId, parameters, info),
        body: (info) => content && withIds(content.example, known(node.operationId, info)),
      };
    }),
  );
}

const onlyStreams = (response) => {
  const types = Object.keys(response?.content ?? {});
  return types.length === 1 && types[0] === "text/event-stream";
};

/** What must be given, and what the client does not know by itself. */
function samplesOf(id, parameters, info) {
  const ids = known(id, info);
  const wanted = parameters.filter(({ name, required }) => required && name !== "project_id");
  return Object.fromEntries(wanted.map(({ name, example, schema }) => [name, ids[name] ?? example ?? schema?.example ?? ""]));
}

/** The emulator's ids, by the names that parameters and members have. */
function known(id, info) {
  return {
    deployment_id: info.deployments[id] ?? info.deploymentId,
    pool_id: info.poolId,
    agent_id: info.agentId,
    workflow_id: info.workflowId,
    workspace_id: info.workspaceId,
    conversation_id: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
    domain_id: info.iam.domainId,
    user_id: info.iam.userId,
    group_id: "demo-builders",
    task_id: "demo-forecast-finished",
    video_task_id: "demo-video-finished",
    scope_id: info.deployments[id],
    limit: 100,
    from_path: `${info.obsBucket}/rivers`,
    model: info.model,
    obs_path: `obs://${info.obsBucket}/sales`,
  };
}

/** The example, with the emulator's ids in place of its own. */
function withIds(value, ids) {
  if (Array.isArray(value)) return value.map((item) => withIds(item, ids));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === "string" && ids[name] ? ids[name] : withIds(member, ids),
    ]),
  );
}
