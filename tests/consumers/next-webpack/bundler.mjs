export const bundler = "--webpack";
export const routes = ["node", "edge"];
