export type { ErrorKind } from "./boundary.js";
export type { Chat, Completions } from "./chat.js";
export { PanguLM } from "./client.js";
export { ready } from "./engine.js";
export { PanguLMError } from "./errors.js";
export { importSecretKey } from "./keys.js";
export type { CallOptions, ClientOptions, Credentials, Token } from "./options.js";
export { ChatStream } from "./stream.js";
export type * from "./types.js";
