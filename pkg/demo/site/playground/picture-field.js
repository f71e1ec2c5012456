/** Where a visitor chooses an image: a file, or a sample that is drawn on the spot. */

import { element } from "./dom.js";
import { samplePicture } from "./draw/sample-picture.js";

/** The code that takes the image, by the name of `image`. */
export const IMAGE_CODE = `// In Node: await readFile("image.png").
const image = document.querySelector("input[type=file]").files[0];
`;

/** A field whose value is a `Blob`. */
export function pictureField(label) {
  let chosen;
  let latest;
  const preview = element("img", { class: "preview", alt: "", width: 160, height: 120 });
  const file = element("input", { type: "file", accept: "image/png,image/jpeg,image/bmp" });
  const drawn = element("button", {
    type: "button",
    class: "quiet",
    text: { en: "Use the sample", zh: "使用示例图片" },
    on: { click: () => take(samplePicture()) },
  });
  const row = element(
    "div",
    { class: "field picture" },
    element("label", {}, element("span", { text: label }), file),
    element("div", { class: "chosen" }, preview, drawn),
  );
  /** Shows an image, and lets the form know that it has another one. What was chosen last stays, whichever comes last. */
  async function take(picture) {
    latest = picture;
    const come = await picture;
    if (latest !== picture) return;
    chosen = come;
    URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(chosen);
    row.dispatchEvent(new Event("input", { bubbles: true }));
  }
  file.addEventListener("change", () => file.files[0] && take(file.files[0]));
  drawn.addEventListener("click", () => (file.value = ""));
  take(samplePicture());
  return { row, read: () => chosen };
}
