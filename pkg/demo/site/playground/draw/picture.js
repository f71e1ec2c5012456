/** An image with what was found in it. */

import { drawn, element } from "../dom.js";

const FOUND = { en: "The image with what was found in it", zh: "图像与检测结果" };

/** `found` are `{ label, score, box }`, as `client.vision.detect` gives them. */
export async function pictureWithBoxes(picture, found) {
  const { image, width, height } = await shown(picture);
  const size = Math.max(11, Math.round(width / 32));
  const boxes = found.flatMap(({ label, score, box }, at) => {
    const title = score === null ? label : `${label} ${Math.round(score * 100)} %`;
    const above = Math.max(size + 2, box.y - 4);
    return [
      drawn("rect", {
        class: `box box-${at % 4}`,
        x: box.x,
        y: box.y,
        width: box.width,
        height: box.height,
        "stroke-width": Math.max(2, width / 200),
      }),
      drawn("text", { class: `box-${at % 4}`, x: box.x + 2, y: above, "font-size": size, "stroke-width": size / 4 }, title),
    ];
  });
  const overlay = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, ...boxes);
  return element("figure", { class: "picture", label: FOUND }, image, overlay);
}

/** `rows` hold the class of every pixel; 0 is what is around the things. */
export async function pictureWithClasses(picture, rows) {
  const { image, width, height } = await shown(picture);
  const canvas = element("canvas", { width, height });
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(width, height);
  rows.flat().forEach((number, at) => pixels.data.set(COLOURS[number % COLOURS.length], at * 4));
  pen.putImageData(pixels, 0, 0);
  return element("figure", { class: "picture", label: FOUND }, image, canvas);
}

/** Red, green, blue and opacity of the classes. */
const COLOURS = [
  [0, 0, 0, 0],
  [224, 64, 32, 170],
  [32, 120, 220, 170],
  [40, 170, 90, 170],
  [220, 170, 20, 170],
  [150, 70, 200, 170],
];

async function shown(picture) {
  const image = element("img", { alt: "", src: URL.createObjectURL(picture) });
  await image.decode();
  return { image, width: image.naturalWidth, height: image.naturalHeight };
}
