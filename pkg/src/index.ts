/**
 * The client. `pangulm/inline` and `pangulm/slim` export the same: the former holds its wasm file as text,
 * the latter none at all, so that {@link ready} must be given one.
 *
 * @module pangulm
 */

export type { ErrorKind } from "./boundary.js";
export type { Agents, Workflows } from "./agents.js";
export type { Chat, Completions } from "./chat.js";
export { PanguLM, PanguLM as default } from "./client.js";
export type { Data } from "./data.js";
export { ready } from "./engine.js";
export type { WasmSource } from "./wasm.js";
export type { Deployed } from "./deployed.js";
export { PanguLMError } from "./errors.js";
export type { OperationGroup, OperationInput } from "./group.js";
export { type ImageFile, type ImageInput, imagePart, imageUrlPart } from "./image.js";
export { Job, type JobState, type WaitOptions } from "./job.js";
export { importSecretKey } from "./keys.js";
export type { LogEvent, Logger } from "./log.js";
export type { Middleware, Next, OutgoingRequest } from "./middleware.js";
export type { CallOptions, ClientOptions, Credentials, Token } from "./options.js";
export type { Prediction, PredictionRequest } from "./prediction.js";
export { Run } from "./run.js";
export type { Science, ScienceStart, Tasks } from "./science.js";
export type { Search } from "./search.js";
export { ChatStream, EventStream, TextStream } from "./stream.js";
export type { SupplyChain } from "./supply-chain.js";
export type { Text, Tokens } from "./text.js";
export type * from "./types.js";
export type { ImageVideoRequest, Video } from "./video.js";
export type { Detection, Detections, Vision, VisionRequest } from "./vision.js";
