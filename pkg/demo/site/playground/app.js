/** The playground: every area of the platform, tried through the npm package on the emulator. */

import { agents } from "./areas/agents.js";
import { anything } from "./areas/anything.js";
import { chat } from "./areas/chat.js";
import { data } from "./areas/data.js";
import { iam } from "./areas/iam.js";
import { obs } from "./areas/obs.js";
import { science } from "./areas/science.js";
import { search } from "./areas/search.js";
import { series } from "./areas/series.js";
import { supplyChain } from "./areas/supply-chain.js";
import { tables } from "./areas/tables.js";
import { text } from "./areas/text.js";
import { tokens } from "./areas/tokens.js";
import { video } from "./areas/video.js";
import { vision } from "./areas/vision.js";
import { workflows } from "./areas/workflows.js";
import { element } from "./dom.js";
import { inWords, switchLanguage, translate } from "./language.js";
import { loadOperations } from "./operations.js";
import { Panel } from "./panel.js";

const [info, operations] = await Promise.all([fetch("/_emulator/info").then((answer) => answer.json()), loadOperations()]);
const AREAS = [
  chat,
  text,
  tokens,
  search,
  vision,
  series,
  tables,
  science,
  supplyChain,
  video,
  agents,
  workflows,
  data,
  iam,
  obs,
  anything(operations),
];
const main = document.querySelector("#area");
const links = document.querySelector("#areas");
/** Panels by the address of their try. Each is made once, so that what came of it stays. */
const panels = new Map();

links.append(...AREAS.map(({ id, title }) => element("li", {}, element("a", { href: `#${id}`, text: title }))));

/** Shows what the address names, such as `#vision/segment`. */
function show() {
  const [areaId, tryId] = location.hash.slice(1).split("/");
  const area = AREAS.find(({ id }) => id === areaId) ?? AREAS[0];
  const chosen = area.tries.find(({ id }) => id === tryId) ?? area.tries[0];
  const address = `${area.id}/${chosen.id}`;
  if (!panels.has(address)) panels.set(address, new Panel(chosen, info));
  const tries = area.tries.map(({ id, title }) =>
    element("li", {}, element("a", { href: `#${area.id}/${id}`, text: title, "aria-current": id === chosen.id && "true" })),
  );
  main.replaceChildren(
    element("h2", { text: area.title }),
    element("p", { class: "about", text: area.about }),
    element("ul", { class: "tries", hidden: tries.length < 2 }, ...tries),
    panels.get(address).element,
  );
  links.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const link = links.querySelector(`[href="#${area.id}"]`);
  link.setAttribute("aria-current", "page");
  link.scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${inWords(area.title)} · PanguLM`;
  // What is out of sight was not translated by a switch.
  translate();
}

addEventListener("hashchange", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const panel of panels.values()) panel.stop();
});
document.querySelector("#language").addEventListener("click", () => {
  switchLanguage();
  show();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  // The address says which area is shown, so that it must stay.
  event.preventDefault();
  main.focus();
});
show();
document.body.setAttribute("data-ready", "");
