// The project stands inside of another one.
export default { turbopack: { root: import.meta.dirname }, outputFileTracingRoot: import.meta.dirname };
