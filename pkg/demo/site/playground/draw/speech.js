/** An answer that streams in, with its train of thought folded above it. */

import { element } from "../dom.js";

const THOUGHT = { en: "Train of thought", zh: "思考过程" };

export class Speech {
  #reasoning = element("p");
  #thought = element("details", { class: "thought", hidden: true }, element("summary", { text: THOUGHT }), this.#reasoning);
  #answer = element("p", { class: "speech" });

  constructor(view) {
    view.add(this.#thought, this.#answer);
  }

  think(text) {
    if (!text) return;
    this.#thought.hidden = false;
    this.#reasoning.append(text);
  }

  /** What follows a train of thought begins with empty lines. */
  say(text) {
    if (text) this.#answer.append(this.#answer.textContent === "" ? text.trimStart() : text);
  }
}
