/**
 * One try on the page: its form, its answer, its code.
 *
 * A try is `{ id, title, about, fields, code, run }`. `code(values, info, fault)` is what follows the code
 * that makes the client, `run(values, { client, info, options, signal, view, log })` does it. It may also say
 * the `credential` of its client (an API key if not), the `imports` its code needs, a `setup(info)` that
 * stands in place of the client, and that `faults` are not for it. `wire(form, info)` is told of the form once.
 */

import { clientCode, newClient } from "./clients.js";
import { CodeBox } from "./code-box.js";
import { element } from "./dom.js";
import { FAULTS, withFault } from "./faults.js";
import { makeFields } from "./fields.js";
import { Result } from "./result.js";

const TEXTS = {
  run: { en: "Run", zh: "运行" },
  stop: { en: "Stop", zh: "停止" },
  fault: { en: "Let it fail by", zh: "注入故障" },
  answer: { en: "Answer", zh: "结果" },
};

export class Panel {
  #attempt;
  #info;
  #fields;
  #result = new Result();
  #code = new CodeBox();
  #run = element("button", { type: "submit", class: "run", text: TEXTS.run });
  #stop = element("button", {
    type: "button",
    class: "stop",
    text: TEXTS.stop,
    hidden: true,
    on: { click: () => this.stop() },
  });
  #stopper;
  element;

  constructor(attempt, info) {
    const faults = { name: "fault", kind: "choice", label: TEXTS.fault, value: "", options: FAULTS };
    this.#attempt = attempt;
    this.#info = info;
    const own = typeof attempt.fields === "function" ? attempt.fields(info) : attempt.fields;
    this.#fields = makeFields(attempt.faults === false ? own : [...own, faults]);
    // What the package refuses, it is to refuse itself, and to say why.
    const form = element(
      "form",
      { novalidate: true },
      ...this.#fields.elements,
      element("div", { class: "buttons" }, this.#run, this.#stop),
    );
    attempt.wire?.(form, info);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go(form);
    });
    for (const event of ["input", "change"]) form.addEventListener(event, () => this.#write());
    this.element = element(
      "article",
      { class: "try", id: `try-${attempt.id}` },
      element(
        "div",
        { class: "ask" },
        element("h3", { text: attempt.title }),
        element("p", { class: "about", text: attempt.about }),
        form,
      ),
      element("section", { class: "answer" }, element("h4", { text: TEXTS.answer }), this.#result.element),
      this.#code.element,
    );
    this.#write();
  }

  stop() {
    this.#stopper?.abort();
  }

  /** The fields that are the try's own, and the fault. */
  #values() {
    const { fault, ...values } = this.#fields.values();
    return { fault, values };
  }

  #write() {
    let read;
    try {
      read = this.#values();
    } catch {
      // The code stays what it was until the field is in order again.
      return;
    }
    const {
      imports = "",
      setup = () => clientCode(this.#info, credentialOf(this.#attempt, read.values)),
      code,
    } = this.#attempt;
    this.#code.show(`${imports}${setup(this.#info, read.values)}\n\n${code(read.values, this.#info, read.fault)}\n`);
  }

  async #go(form) {
    if (this.#stopper !== undefined) return;
    let read;
    try {
      read = this.#values();
    } catch {
      form.reportValidity();
      return;
    }
    const view = this.#result;
    const { signal } = (this.#stopper = new AbortController());
    const log = (event) => view.log(event);
    const client = newClient(this.#info, credentialOf(this.#attempt, read.values), log);
    const options = (settings) => ({ ...withFault(read.fault, settings), signal });
    this.#busy(true);
    view.begin();
    try {
      await this.#attempt.run(read.values, { client, info: this.#info, options, signal, view, log });
      view.end();
    } catch (error) {
      const stopped = error.isCancelled || signal.aborted;
      if (!stopped) view.fail(error);
      view.end({ stopped });
      // What is no error of the package is one of this page.
      if (!stopped && error.kind === undefined) console.error(error);
    } finally {
      client.dispose();
      this.#stopper = undefined;
      this.#busy(false);
    }
  }

  #busy(busy) {
    const hadFocus = document.activeElement === (busy ? this.#run : this.#stop);
    this.#run.hidden = busy;
    this.#stop.hidden = !busy;
    if (hadFocus) (busy ? this.#stop : this.#run).focus();
  }
}

function credentialOf({ credential = "apiKey" }, values) {
  return typeof credential === "function" ? credential(values) : credential;
}
