/** An answer of any form: its plain members, and its lists as tables. */

import { element } from "../dom.js";
import { note } from "./notes.js";
import { table } from "./table.js";

const MOST = 50;

export function outline(answer) {
  if (answer === undefined || answer === null) return note("Done; there is no answer to show.", "已完成，没有返回内容。");
  const drawn = element("div", { class: "outline" });
  const plain = [];
  for (const [name, value] of Object.entries(answer)) {
    if (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item) => typeof item === "object" && item !== null && !Array.isArray(item))
    ) {
      drawn.append(element("h5", {}, name), table(value.slice(0, MOST)));
    } else plain.push([name, typeof value === "object" ? JSON.stringify(value) : String(value)]);
  }
  const rows = plain.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value.length > 300 ? `${value.slice(0, 300)}…` : value)),
  );
  if (rows.length > 0) drawn.prepend(element("dl", { class: "members" }, ...rows));
  return drawn;
}
