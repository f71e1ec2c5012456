/** How a job stands: its id, a bar, and the states that it went through. */

import { element } from "../dom.js";

const TEXTS = {
  job: { en: "Job", zh: "任务" },
  progress: { en: "Progress", zh: "进度" },
};

export class JobProgress {
  #bar = element("progress", { max: 1, label: TEXTS.progress });
  #states = element("ol", { class: "states" });
  #last;

  constructor(view, id) {
    view.add(
      element(
        "div",
        { class: "job" },
        element("p", {}, element("span", { text: TEXTS.job }), " ", element("code", {}, id)),
        this.#bar,
        this.#states,
      ),
    );
  }

  take({ state, progress, phase }) {
    const part = phase === "running" ? progress : 1;
    if (part === undefined) this.#bar.removeAttribute("value");
    else this.#bar.value = part;
    const text = progress === undefined || phase !== "running" ? state : `${state} ${Math.round(progress * 100)} %`;
    if (text !== this.#last) this.#states.append(element("li", { class: phase }, text));
    this.#last = text;
  }
}
