/** What came of a try: the answer, its facts, what was sent, and the error if there is one. */

import { element } from "./dom.js";
import { say } from "./language.js";
import { json } from "./print.js";

const TEXTS = {
  idle: { en: "Nothing has been called yet. The answer comes here.", zh: "尚未调用。结果会显示在这里。" },
  waiting: { en: "Waiting for the answer …", zh: "等待结果……" },
  stopped: { en: "Stopped.", zh: "已停止。" },
  failed: { en: "This did not work", zh: "这次没有成功" },
  status: { en: "Status", zh: "状态码" },
  code: { en: "Code", zh: "错误码" },
  field: { en: "Field", zh: "字段" },
  kind: { en: "Kind", zh: "类别" },
  requestId: { en: "Request id", zh: "请求 ID" },
  time: { en: "Time", zh: "用时" },
  prompt: { en: "Prompt tokens", zh: "输入 token" },
  completion: { en: "Completion tokens", zh: "输出 token" },
  total: { en: "Total tokens", zh: "总 token" },
  raw: { en: "Raw answer", zh: "原始返回" },
  sent: { en: "Requests sent", zh: "发出的请求" },
};

export class Result {
  #body = element("div", { class: "body", "aria-live": "polite" });
  #state = element("p", { class: "state", role: "status", text: TEXTS.idle });
  #facts = element("dl", { class: "facts" });
  #error = element("div", { class: "error", role: "alert", hidden: true });
  #raw = element("pre", { tabindex: 0, label: TEXTS.raw });
  #rawBox = folded(TEXTS.raw, "raw", this.#raw);
  #list = element("ol");
  #sent = folded(TEXTS.sent, "sent", this.#list);
  /** What there is to see, for the page. */
  element = element("div", { class: "result" }, this.#state, this.#error, this.#body, this.#facts, this.#rawBox, this.#sent);
  #began = 0;
  #status;
  #requestId;
  #usage;
  #item;

  begin() {
    for (const part of [this.#body, this.#facts, this.#error, this.#raw, this.#list]) part.replaceChildren();
    for (const part of [this.#error, this.#rawBox, this.#sent]) part.hidden = true;
    this.#say(TEXTS.waiting);
    this.#status = this.#requestId = this.#usage = undefined;
    this.#began = performance.now();
    this.element.setAttribute("aria-busy", "true");
  }

  /** Adds to what is drawn of the answer. */
  add(...parts) {
    this.#say(undefined);
    this.#body.append(...parts);
  }

  raw(answer) {
    this.#rawBox.hidden = false;
    this.#raw.textContent = answer === undefined ? "" : json(answer);
  }

  usage(usage) {
    this.#usage = usage;
  }

  /** An event of the client's logger. */
  log({ event, method, url, status, requestId, milliseconds, reason }) {
    this.#sent.hidden = false;
    if (event === "attempt") {
      const { pathname, search } = new URL(url, location);
      this.#item = element("li", {}, element("code", {}, `${method} ${decodeURIComponent(pathname)}${search}`));
      this.#list.append(this.#item);
    } else if (event === "answer") {
      [this.#status, this.#requestId] = [status, requestId];
      this.#item?.append(` → ${status}`, element("span", { class: "id" }, requestId ? ` ${requestId}` : ""));
    } else if (event === "wait") {
      this.#list.append(element("li", { class: "wait" }, `… ${Math.round(milliseconds)} ms: ${reason}`));
    }
  }

  /** Shows an error as its reader needs it: what happened, what to do, what to tell support. */
  fail(error) {
    this.#error.hidden = false;
    this.#error.append(
      element("h4", { text: TEXTS.failed }),
      element("p", { class: "message" }, error.detail ?? String(error)),
      element("p", { class: "remedy" }, error.remedy ?? ""),
      list([
        [TEXTS.kind, "kind", error.kind],
        [TEXTS.status, "status", error.status],
        [TEXTS.code, "error-code", error.code],
        [TEXTS.field, "at", error.field],
        [TEXTS.requestId, "request-id", error.requestId],
      ]),
    );
    // The error says these better.
    this.#status = this.#requestId = undefined;
  }

  end({ stopped = false } = {}) {
    this.#say(stopped ? TEXTS.stopped : undefined);
    this.#facts.replaceChildren(
      ...rows([
        [TEXTS.status, "status", this.#status],
        [TEXTS.time, "time", taken(performance.now() - this.#began)],
        [TEXTS.prompt, "prompt-tokens", this.#usage?.prompt_tokens],
        [TEXTS.completion, "completion-tokens", this.#usage?.completion_tokens],
        [TEXTS.total, "total-tokens", this.#usage?.total_tokens],
        [TEXTS.requestId, "request-id", this.#requestId],
      ]),
    );
    this.element.setAttribute("aria-busy", "false");
  }

  #say(text) {
    this.#state.hidden = text === undefined;
    if (text !== undefined) say(this.#state, text);
  }
}

function folded(title, name, content) {
  return element("details", { class: name, hidden: true }, element("summary", { text: title }), content);
}

const list = (facts) => element("dl", {}, ...rows(facts));

/** What is not known has no row. */
function rows(facts) {
  return facts
    .filter(([, , value]) => value !== undefined)
    .map(([title, name, value]) =>
      element("div", {}, element("dt", { text: title }), element("dd", { class: name }, String(value))),
    );
}

function taken(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
