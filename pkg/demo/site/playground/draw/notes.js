/** Short things that are said of an answer. */

import { element } from "../dom.js";

/** A sentence in both languages. */
export const note = (en, zh) => element("p", { class: "note", text: { en, zh } });

/** What a model has said. */
export const speech = (...content) => element("p", { class: "speech" }, ...content);

/** Small labels in a row. */
export const chips = (texts) => element("ul", { class: "chips" }, ...texts.map((text) => element("li", {}, text)));
