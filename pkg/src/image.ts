import type { ContentPart } from "./types.js";

/** An image's file: a `Blob` or `File`, or its bytes. */
export type ImageFile = Blob | ArrayBuffer | ArrayBufferView;

/** An image: its file, the file's text in base64, or where the platform can fetch it. */
export type ImageInput = string | URL | ImageFile;

/**
 * An image in a message, as V1 takes it.
 *
 * ```ts
 * const content = [await imagePart(input.files[0]), { type: "text", text: "图中有什么?" }];
 * ```
 */
export async function imagePart(image: ImageFile): Promise<ContentPart> {
  return { type: "image", image: { image_base64: await imageText(image) } };
}

/**
 * An image in a message in the OpenAI form; that V2 takes it is inferred.
 *
 * @param mediaType such as `image/png`; a `Blob` knows it by itself
 */
export async function imageUrlPart(image: ImageFile, mediaType = image instanceof Blob ? image.type : ""): Promise<ContentPart> {
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${await imageText(image)}` } };
}

/** The image as it is sent: its address, or its file in base64. */
export async function imageText(image: ImageInput): Promise<string> {
  if (typeof image === "string") return image;
  if (image instanceof URL) return image.href;
  if (ArrayBuffer.isView(image)) return base64(new Uint8Array(image.buffer, image.byteOffset, image.byteLength));
  return base64(new Uint8Array(image instanceof Blob ? await image.arrayBuffer() : image));
}

/** Bytes turned at once; more arguments than this do not fit on every stack. */
const PIECE = 0x8000;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += PIECE) {
    text += String.fromCharCode(...bytes.subarray(from, from + PIECE));
  }
  return btoa(text);
}
