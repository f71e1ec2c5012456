import { json } from "./body.js";
import type { PanguLM } from "./client.js";
import { ask, type Deployed } from "./deployed.js";
import { type ImageFile, imageText } from "./image.js";
import type { CallOptions } from "./options.js";
import type { OperationAnswer, OperationBody, OperationId } from "./types.js";

/**
 * The body of a model's operation, with the deployment beside it. Images are files, bytes, or text in
 * base64 without the part of a data URL before the comma. Members nobody knows pass through.
 */
export type VisionRequest<Id extends OperationId> = WithImages<OperationBody<Id>> & Deployed & { [unknown: string]: unknown };

type Image = ImageFile | string;

type WithImages<Body> = {
  [Member in keyof Body]: Member extends "images" | "img"
    ? string[] extends Body[Member]
      ? Image | Image[]
      : Image
    : Body[Member];
};

/** What was found in an image. */
export interface Detections<Answer = unknown> {
  /** The objects, in the order of the answer. */
  items: Detection[];
  /** The whole answer as the service spells it. */
  raw: Answer;
}

/** One object. */
export interface Detection {
  /** What it is; empty if the answer does not say. */
  label: string;
  /** How sure the model is, from 0 to 1; null if the answer does not say. */
  score: number | null;
  /** Where it is, in pixels from the upper left corner. */
  box: {
    /** From the left. */
    x: number;
    /** From above. */
    y: number;
    /** How wide it is. */
    width: number;
    /** How high it is. */
    height: number;
    /** How it is turned, in a unit that is not documented. An answer without an angle gives 0. */
    angle: number;
  };
}

/**
 * Models that see. Each deployment serves one model: name it by `deployment` in the request, or make
 * it the client's. Images go in as files, bytes or base64; limits that a model's page documents are
 * checked before anything is sent.
 */
export class Vision {
  readonly #client: PanguLM;

  /** @internal */
  constructor(client: PanguLM) {
    this.#client = client;
  }

  /**
   * Gives an image, or each of up to 24, one label or several. The answer's table could not be read,
   * so it is open.
   *
   * @throws {PanguLMError}
   */
  classify(request: VisionRequest<"classifyImage">, options?: CallOptions): Promise<OperationAnswer<"classifyImage">> {
    return this.#look("classifyImage", "images", request, options);
  }

  /**
   * Finds objects (S-2.1.0).
   *
   * ```ts
   * const { items } = await client.vision.detect({ images: file, threshold: 0.5 });
   * for (const { label, box } of items) console.log(label, box.x, box.y);
   * ```
   *
   * @throws {PanguLMError}
   */
  detect(
    request: VisionRequest<"detectObjectsS2">,
    options?: CallOptions,
  ): Promise<Detections<OperationAnswer<"detectObjectsS2">>> {
    return this.#find("detectObjectsS2", request, options);
  }

  /**
   * Finds objects (N-2.1.0): images of up to 10 MB of base64 with sides of 1 to 10000 pixels, the
   * longer at most five times the shorter.
   *
   * @throws {PanguLMError}
   */
  detectN2(
    request: VisionRequest<"detectObjectsN2">,
    options?: CallOptions,
  ): Promise<Detections<OperationAnswer<"detectObjectsN2">>> {
    return this.#find("detectObjectsN2", request, options);
  }

  /**
   * Finds objects (S-3.1.0). The answer's table could not be read; it is taken to be as its
   * siblings' (inferred), else the call fails with the answer in the error.
   *
   * @throws {PanguLMError}
   */
  detectS3(
    request: VisionRequest<"detectObjectsS3">,
    options?: CallOptions,
  ): Promise<Detections<OperationAnswer<"detectObjectsS3">>> {
    return this.#find("detectObjectsS3", request, options);
  }

  /**
   * Finds objects beyond a fixed set of classes; images as for `detectN2`. Boxes are documented,
   * label and score are taken to be as the siblings' (inferred).
   *
   * @throws {PanguLMError}
   */
  detectOpenSet(
    request: VisionRequest<"detectOpenSet">,
    options?: CallOptions,
  ): Promise<Detections<OperationAnswer<"detectOpenSet">>> {
    return this.#find("detectOpenSet", request, options);
  }

  /**
   * Finds what prompts describe. No table of its page could be read: request and answer are open. An
   * image in `images` may be a file or bytes as elsewhere; others must be in base64.
   *
   * @throws {PanguLMError}
   */
  detectInteractive(
    request: VisionRequest<"detectInteractive">,
    options?: CallOptions,
  ): Promise<OperationAnswer<"detectInteractive">> {
    return this.#look("detectInteractive", "images", request, options);
  }

  /**
   * Gives every pixel its class: rows from the top, in each the pixels from the left.
   *
   * @throws {PanguLMError}
   */
  segment(request: VisionRequest<"segmentImage">, options?: CallOptions): Promise<OperationAnswer<"segmentImage">> {
    return this.#look("segmentImage", "img", request, options);
  }

  /**
   * Finds objects with their outlines. The members of an object could not be read, so it is open.
   *
   * @throws {PanguLMError}
   */
  segmentInstances(
    request: VisionRequest<"segmentInstances">,
    options?: CallOptions,
  ): Promise<OperationAnswer<"segmentInstances">> {
    return this.#look("segmentInstances", "images", request, options);
  }

  async #look<Id extends OperationId>(
    operation: Id,
    member: string,
    request: Deployed,
    options?: CallOptions,
  ): Promise<OperationAnswer<Id>> {
    const encode = (image: unknown) => (isImage(image) ? imageText(image) : image);
    const image = (request as Record<string, unknown>)[member];
    // Without one, or with something else, the call is refused by name on the way out.
    if (image === undefined) return ask(this.#client, operation, request, options);
    const encoded = await (Array.isArray(image) ? Promise.all(image.map(encode)) : encode(image));
    return ask(this.#client, operation, { ...request, [member]: encoded } as Deployed, options);
  }

  async #find<Id extends OperationId>(
    operation: Id,
    request: Deployed,
    options?: CallOptions,
  ): Promise<Detections<OperationAnswer<Id>>> {
    const raw = await this.#look(operation, "images", request, options);
    const engine = await this.#client._ready();
    const { items } = await engine.askAny<{ items: Detection[] }>({ ask: "detections", text: operation }, json(raw));
    return { items, raw };
  }
}

function isImage(value: unknown): value is Image {
  const isFile = value instanceof Blob || value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  return isFile || typeof value === "string";
}
