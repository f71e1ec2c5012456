/** An image: the bytes of its file, its text in base64, or where the platform can fetch it. */
export type ImageInput = string | URL | Blob | ArrayBuffer | ArrayBufferView;

/** Bytes turned at once; more arguments than this do not fit on every stack. */
const PIECE = 0x8000;

/** The image as it is sent: its address, or its file in base64. */
export async function imageText(image: ImageInput): Promise<string> {
  if (typeof image === "string") return image;
  if (image instanceof URL) return image.href;
  if (ArrayBuffer.isView(image)) return base64(new Uint8Array(image.buffer, image.byteOffset, image.byteLength));
  return base64(new Uint8Array(image instanceof Blob ? await image.arrayBuffer() : image));
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += PIECE) {
    text += String.fromCharCode(...bytes.subarray(from, from + PIECE));
  }
  return btoa(text);
}
