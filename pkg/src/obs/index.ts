/**
 * OBS, the object storage: where jobs find their input and leave their result.
 *
 * ```ts
 * import { Bucket } from "pangulm/obs";
 *
 * const bucket = new Bucket("pangu-data", { region: "cn-southwest-2", credentials: { accessKeyId, secretAccessKey } });
 * await bucket.put("train/a.jsonl", "{}\n");
 * for await (const entry of bucket.list({ prefix: "train/" })) console.log(entry.key);
 * ```
 *
 * @module pangulm/obs
 */

export { Bucket } from "./bucket.js";
export type { ObjectInfo, PutOptions, StoredObject } from "./bucket.js";
export type { CorsRule } from "./cors.js";
export type { ObjectDownload } from "./download.js";
export type { ListEntry, ListOptions } from "./list.js";
export type { Obs, ObsOptions } from "./of-client.js";
/** @internal */
export { obsOf } from "./of-client.js";
export type { BucketOptions, Content, ObsRequest, SignalOptions } from "./options.js";
export type { Source, UploadOptions } from "./upload.js";
export { PanguLMError } from "../errors.js";
