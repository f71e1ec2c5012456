/** A chat page on the npm package: ask, watch the answer stream in, stop it, see what it cost. */

import { PanguLM } from "./dist/browser.js";
import { switchLanguage, translate } from "./texts.js";
import { Turn } from "./turn.js";

const form = document.querySelector("#form");
const question = document.querySelector("#question");
const asked = new URLSearchParams(location.search);

translate(document);

/** What the emulator says of itself, and a client for it. Not awaited here: who is quick may ask before. */
const connected = connect();
// Whoever asks is told what went wrong.
connected.catch(() => {});

async function connect() {
  const info = await (await fetch("/_emulator/info")).json();
  const client = new PanguLM({
    endpoint: location.origin,
    projectId: info.projectId,
    // Whoever opens a page can read the key in it, so the client refuses one without this consent.
    // This key is the emulator's and opens nothing. A page of yours holds none: it calls a proxy on
    // its own origin, which adds the key (README, "In a web page").
    apiKey: info.apiKey,
    dangerouslyAllowBrowser: true,
  });
  return { info, client };
}

// `?fault=status=429` shows how the page meets a failure; the emulator lists the faults it knows.
const headers = asked.has("fault") ? { "x-emulator-fault": asked.get("fault") } : {};

/** The conversation so far: models remember nothing, so every request carries all of it. */
const messages = [];
/** What stops the answer that is streaming in; none while none is. */
let stopper;

const dialect = () => document.querySelector("#dialect :checked").value;

/** The deployment (V1) or the model (V2) to ask. The emulator's reason first if named so. */
function target({ deploymentId, model }) {
  const variant = document.querySelector("#think").checked ? "-think" : "";
  return dialect() === "V1"
    ? { deployment: deploymentId + variant }
    : { model: model + variant, stream_options: { include_usage: true } };
}

async function ask(text) {
  stopper = new AbortController();
  showBusy(true);
  messages.push({ role: "user", content: text });
  const turn = new Turn(text, dialect());
  let stream;
  try {
    const { info, client } = await connected;
    const request = { ...target(info), messages, stream: true };
    stream = await client.chat.completions.create(request, { signal: stopper.signal, headers });
    for await (const chunk of stream) turn.add(chunk);
    turn.finish();
  } catch (error) {
    if (error.isCancelled) {
      turn.finish({ stopped: true });
    } else {
      turn.fail(error, () => askAgain(turn, text));
      stream = undefined;
    }
  }
  remember(stream?.partial().choices?.[0]?.message.content);
  stopper = undefined;
  showBusy(false);
}

/** Keeps what was said, also if it was stopped; a question that failed can be asked again. */
function remember(answer) {
  if (answer) messages.push({ role: "assistant", content: answer });
  else messages.pop();
}

function askAgain(turn, text) {
  if (stopper) return;
  turn.remove();
  ask(text);
}

function showBusy(busy) {
  document.querySelector("#welcome").hidden = true;
  document.querySelector("#send").hidden = busy;
  document.querySelector("#stop").hidden = !busy;
}

function send() {
  const text = question.value.trim();
  if (text === "" || stopper) return;
  question.value = "";
  ask(text);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
question.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter chooses a word (229 is how Safari says so).
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  send();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") stopper?.abort();
});
document.querySelector("#stop").addEventListener("click", () => {
  stopper?.abort();
  question.focus();
});
document.querySelector("#language").addEventListener("click", switchLanguage);
document.querySelector("#welcome").addEventListener("click", ({ target: clicked }) => {
  if (clicked.matches("button")) ask(clicked.textContent);
});

if (asked.get("q")) ask(asked.get("q"));
