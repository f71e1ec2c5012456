/**
 * Huawei Cloud signatures alone, without the client.
 *
 * ```ts
 * import { signRequest } from "pangulm/signer";
 *
 * const request = new Request("https://iam.cn-southwest-2.myhuaweicloud.com/v3/projects");
 * const response = await fetch(await signRequest(request, { accessKeyId, secretAccessKey }));
 * ```
 *
 * @module pangulm/signer
 */

export { sign, signRequest } from "./request.js";
export type { PlainRequest, SignRequestOptions } from "./request.js";
export { presign } from "./presign.js";
export type { PresignOptions } from "./presign.js";
export type { SigningCredentials } from "./options.js";
export { importObsSecretKey, importSecretKey } from "../keys.js";
export { PanguLMError } from "../errors.js";
