export { answer as default } from "../../answer.mjs";

// Not by the router of apps: with webpack, Next.js 16.4.6 builds no route there for the edge runtime, whatever
// is in it (ENOENT, route_client-reference-manifest.js).
export const config = { runtime: "edge" };
