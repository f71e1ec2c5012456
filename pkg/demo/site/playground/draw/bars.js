/** Names with a bar each. */

import { element } from "../dom.js";

/** `rows` are `[name, value]`; the bar of the largest is the longest. Negative ones have another colour. */
export function bars(rows, most = Math.max(...rows.map(([, value]) => Math.abs(value)), 1e-9)) {
  const items = rows.map(([name, value]) =>
    element(
      "li",
      { class: value < 0 ? "less" : "" },
      element("span", { class: "name" }, name),
      element("span", { class: "bar", style: { "--part": Math.abs(value) / most } }),
      element("span", { class: "value" }, String(Number(Math.abs(value) < 1 ? value.toFixed(3) : value.toPrecision(4)))),
    ),
  );
  return element("ul", { class: "bars" }, ...items);
}
