/** The code of a try, in colours, with a button that copies it. */

import { element } from "./dom.js";
import { say } from "./language.js";

const TEXTS = {
  title: { en: "The code that does it", zh: "对应代码" },
  copy: { en: "Copy", zh: "复制" },
  copied: { en: "Copied", zh: "已复制" },
  refused: { en: "Select it and copy by hand", zh: "请手动选择复制" },
};

/** Comments, texts, words of the language and numbers, in this order. */
const TOKENS =
  /(\/\/[^\n]*)|("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\b(import|from|const|let|await|new|for|of|if|else|true|false|null|undefined|async|while|return)\b|\b(\d[\d.]*)\b/g;
const CLASSES = ["comment", "text", "word", "number"];

export class CodeBox {
  #code = element("code");
  #copy = element("button", { type: "button", class: "quiet copy", text: TEXTS.copy, on: { click: () => this.#take() } });
  element = element(
    "section",
    { class: "code" },
    element("header", {}, element("h4", { text: TEXTS.title }), this.#copy),
    element("pre", { tabindex: 0, label: TEXTS.title }, this.#code),
  );

  show(source) {
    if (source !== this.#code.textContent) this.#code.replaceChildren(...coloured(source));
  }

  async #take() {
    try {
      await navigator.clipboard.writeText(this.#code.textContent);
      say(this.#copy, TEXTS.copied);
    } catch {
      say(this.#copy, TEXTS.refused);
    }
    setTimeout(() => say(this.#copy, TEXTS.copy), 2000);
  }
}

function coloured(source) {
  const parts = [];
  let end = 0;
  for (const match of source.matchAll(TOKENS)) {
    const name = CLASSES[match.slice(1).findIndex((group) => group !== undefined)];
    parts.push(source.slice(end, match.index), element("span", { class: name }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, source.slice(end)];
}
