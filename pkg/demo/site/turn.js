/** A question and its answer on the page. */

import { translate } from "./texts.js";

const template = document.querySelector("#turn");
const conversation = document.querySelector("#conversation");

export class Turn {
  #element = template.content.firstElementChild.cloneNode(true);
  #began = performance.now();

  constructor(question, dialect) {
    translate(this.#element);
    this.#show("question", question);
    this.#show("dialect", dialect);
    conversation.append(this.#element);
    scrollToEnd();
  }

  /** Shows what a chunk brings. */
  add({ choices, usage }) {
    const following = atTheEnd();
    const { content, reasoning_content: reasoning } = choices[0]?.delta ?? {};
    if (reasoning) {
      this.#part("thought").hidden = false;
      this.#part("reasoning").append(reasoning);
    }
    if (content) this.#say(content);
    if (usage) this.#count(usage);
    this.#time();
    if (following) scrollToEnd();
  }

  finish({ stopped = false } = {}) {
    this.#part("stopped").hidden = !stopped;
    this.#time();
    this.#element.setAttribute("aria-busy", "false");
  }

  /** Shows an error as its reader needs it: what happened, what to do, what to tell support. */
  fail(error, retry) {
    this.#part("error").hidden = false;
    // What is no error of the package has a message alone.
    this.#show("message", error.detail ?? error.message);
    this.#show("remedy", error.remedy);
    this.#show("status", error.status);
    this.#show("code", error.code);
    this.#show("request-id", error.requestId);
    this.#part("retry").addEventListener("click", retry);
    this.finish();
    scrollToEnd();
  }

  remove() {
    this.#element.remove();
  }

  /** What follows a train of thought begins with empty lines. */
  #say(content) {
    const answer = this.#part("answer");
    answer.append(answer.textContent === "" ? content.trimStart() : content);
  }

  #count({ prompt_tokens, completion_tokens, total_tokens }) {
    this.#show("prompt-tokens", prompt_tokens);
    this.#show("completion-tokens", completion_tokens);
    this.#show("total-tokens", total_tokens);
  }

  #time() {
    this.#show("time", `${((performance.now() - this.#began) / 1000).toFixed(1)} s`);
  }

  /** What is empty takes no room: see style.css. */
  #show(name, text = "") {
    this.#part(name).textContent = text;
  }

  #part(name) {
    return this.#element.querySelector(`.${name}`);
  }
}

/** Whether the reader looks at the end, and so wants to go on doing so. */
function atTheEnd() {
  return innerHeight + scrollY >= document.body.scrollHeight - 80;
}

function scrollToEnd() {
  scrollTo({ top: document.body.scrollHeight });
}
