import type { ContentPart } from "./types.js";

/** An image's file: a `Blob` or `File`, or its bytes. */
export type ImageFile = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

/**
 * An image in a message, as V1 takes it.
 *
 * ```ts
 * const content = [await imagePart(input.files[0]), { type: "text", text: "图中有什么?" }];
 * ```
 */
export async function imagePart(image: ImageFile): Promise<ContentPart> {
  return { type: "image", image: { image_base64: await base64(image) } };
}

/**
 * An image in a message in the OpenAI form; that V2 takes it is inferred.
 *
 * @param mediaType such as `image/png`; a `Blob` knows it by itself
 */
export async function imageUrlPart(image: ImageFile, mediaType = image instanceof Blob ? image.type : ""): Promise<ContentPart> {
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${await base64(image)}` } };
}

async function base64(image: ImageFile): Promise<string> {
  const bytes = new Uint8Array(await new Response(image).arrayBuffer());
  let text = "";
  // A call takes no more arguments than some ten thousand.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
