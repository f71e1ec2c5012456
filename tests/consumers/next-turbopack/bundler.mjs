export const bundler = "--turbopack";
export const routes = ["node", "edge", "edge-app"];
