import type { PanguLM } from "./client.js";
import { at, type Deployed, parted } from "./deployed.js";
import { type ImageInput, imageText } from "./image.js";
import type { Job } from "./job.js";
import type { CallOptions } from "./options.js";
import type { OperationBody, VideoTask } from "./types.js";

/** A video out of images: the first frame, the last one, or both. */
export type ImageVideoRequest = Omit<OperationBody<"createImageVideo">, "image" | "image_tail"> & {
  /** The image that the video begins with. */
  image?: ImageInput;
  /** The image that it ends with. */
  image_tail?: ImageInput;
};

const STARTS = { text: "createTextVideo", image: "createImageVideo", extension: "createVideoExtension" } as const;

/**
 * Videos, as jobs. The reference shows only one state, `PROCESSING`, so a video counts as done once
 * its address is there.
 */
export class Video {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Starts a video that shows what a text says.
   *
   * ```ts
   * const job = await client.video.fromText({ prompt: "长江日出", video_config: { duration: 5 } });
   * const { video_url } = await job.wait();
   * ```
   *
   * @throws {PanguLMError}
   */
  fromText(request: OperationBody<"createTextVideo"> & Deployed, options?: CallOptions): Promise<Job<VideoTask>> {
    return this.#start("text", request, options);
  }

  /**
   * Starts a video that begins with an image, ends with one, or both. An image is a `Blob` or `File`,
   * bytes such as Node's `readFile` gives, a text in base64, or an address. In base64 it must be less
   * than 10 MB.
   *
   * @throws {PanguLMError}
   */
  async fromImage(request: ImageVideoRequest & Deployed, options?: CallOptions): Promise<Job<VideoTask>> {
    const { image, image_tail, ...rest } = request;
    const body = {
      ...rest,
      ...(image === undefined ? {} : { image: await imageText(image) }),
      ...(image_tail === undefined ? {} : { image_tail: await imageText(image_tail) }),
    };
    return this.#start("image", body, options);
  }

  /**
   * Starts a video that goes on where another one ends: `origin_video` is its address, of more than
   * 25 frames and less than 200 MB.
   *
   * @throws {PanguLMError}
   */
  extend(request: OperationBody<"createVideoExtension"> & Deployed, options?: CallOptions): Promise<Job<VideoTask>> {
    return this.#start("extension", request, options);
  }

  /**
   * Takes up a video by its id and what it is made out of.
   *
   * @throws {PanguLMError}
   */
  resume(kind: keyof typeof STARTS, id: string, where: Deployed = {}): Promise<Job<VideoTask>> {
    return this.#client._resumeJob(STARTS[kind], at(where), id);
  }

  #start(kind: keyof typeof STARTS, request: Deployed, options: CallOptions = {}): Promise<Job<VideoTask>> {
    const { where, body } = parted(request);
    return this.#client._startJob(STARTS[kind], at(where), body, options);
  }
}
