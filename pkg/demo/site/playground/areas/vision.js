/** Looking at images: classification, detection, segmentation. */

import { whole } from "../calls.js";
import { bars } from "../draw/bars.js";
import { note } from "../draw/notes.js";
import { pictureWithBoxes, pictureWithClasses } from "../draw/picture.js";
import { IMAGE_CODE } from "../picture-field.js";

const PICTURE = { name: "picture", kind: "picture", label: { en: "Image", zh: "图像" } };
const THRESHOLD = {
  name: "threshold",
  kind: "number",
  label: { en: "Sure at least by", zh: "置信度阈值" },
  value: 0.25,
  min: 0,
  max: 1,
  step: 0.05,
};
/** A sentence under every try: the boxes do not fit what one sees. */
const MADE_UP = {
  en: "The emulator does not see: it makes boxes up out of the bytes of the image, the same for the same image.",
  zh: "模拟器并不识别图像：检测框由图像字节推算得出，同一图像结果相同。",
};

/** What all tries with an image share. In the code, the image is the file of an input. */
const looking = (description) =>
  whole({
    about: MADE_UP,
    before: () => IMAGE_CODE,
    names: ({ picture }) => new Map([[picture, "image"]]),
    ...description,
  });

const boxes = (view, { items }, { picture }) => drawBoxes(view, picture, items);

async function drawBoxes(view, picture, items) {
  view.add(await pictureWithBoxes(picture, items), note(`${items.length} found`, `检测到 ${items.length} 个目标`));
}

/** One of the detectors, each a deployment of its own. */
const detector = ({ id, title, method, operation, threshold = ({ threshold }) => threshold }) =>
  looking({
    id,
    title,
    fields: [PICTURE, THRESHOLD],
    method,
    given: (values, info) => [
      { deployment: info.deployments[operation], images: values.picture, threshold: threshold(values) },
    ],
    show: boxes,
  });

const classify = looking({
  id: "classify",
  title: { en: "Classify", zh: "图像分类" },
  fields: [
    PICTURE,
    {
      name: "mode",
      kind: "choice",
      label: { en: "Labels", zh: "标签" },
      value: "single",
      options: { single: { en: "one", zh: "单标签" }, multiple: { en: "several", zh: "多标签" } },
    },
  ],
  method: "vision.classify",
  given: ({ picture, mode }, info) => [{ deployment: info.deployments.classifyImage, images: picture, mode }],
  show: (view, { result }) =>
    view.add(
      bars(
        result[0].map(({ label, score }) => [label, score]),
        1,
      ),
    ),
});

const segment = looking({
  id: "segment",
  title: { en: "Segment", zh: "语义分割" },
  fields: [PICTURE],
  method: "vision.segment",
  given: ({ picture }, info) => [{ deployment: info.deployments.segmentImage, img: picture }],
  async show(view, { result: [{ result: rows }] }, { picture }) {
    view.add(await pictureWithClasses(picture, rows), note("Every pixel has a class.", "每个像素都有类别。"));
  },
});

const instances = looking({
  id: "instances",
  title: { en: "Segment instances", zh: "实例分割" },
  fields: [PICTURE],
  method: "vision.segmentInstances",
  given: ({ picture }, info) => [{ deployment: info.deployments.segmentInstances, images: picture }],
  show: (view, { img_res: found }, { picture }) => drawBoxes(view, picture, found.map(plainBox)),
});

/** The emulator's form: the members of an instance are not documented. */
const plainBox = ({ Box: { X: x, Y: y, Width: width, Height: height }, Score: score, Label: label }) => ({
  label,
  score,
  box: { x, y, width, height },
});

export const vision = {
  id: "vision",
  title: { en: "Vision", zh: "视觉" },
  about: { en: "Models that see: give them an image, or take the sample.", zh: "视觉模型：选择一张图像，或使用示例。" },
  tries: [
    detector({ id: "detect", title: { en: "Detect", zh: "目标检测" }, method: "vision.detect", operation: "detectObjectsS2" }),
    classify,
    segment,
    instances,
    detector({
      id: "open-set",
      title: { en: "Detect, open set", zh: "开放集检测" },
      method: "vision.detectOpenSet",
      operation: "detectOpenSet",
    }),
    detector({
      id: "detect-s3",
      title: { en: "Detect (S-3.1.0)", zh: "目标检测 S-3.1.0" },
      method: "vision.detectS3",
      operation: "detectObjectsS3",
      // This one takes it as a text.
      threshold: ({ threshold }) => threshold?.toString(),
    }),
  ],
};
