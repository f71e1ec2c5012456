/** Rows of objects as a table. */

import { element } from "../dom.js";

/** `columns` are names of members; without them those of the first row that are no objects. */
export function table(rows, columns = plainMembers(rows[0])) {
  const head = columns.map((name) => element("th", { scope: "col" }, name));
  const body = rows.map((row) => element("tr", {}, ...columns.map((name) => element("td", {}, cell(row[name])))));
  // A wide table is scrolled, by keyboard too.
  return element(
    "div",
    { class: "scroll", tabindex: 0 },
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body)),
  );
}

const plainMembers = (row = {}) => Object.keys(row).filter((name) => typeof row[name] !== "object" || row[name] === null);

const cell = (value) => (value === undefined || value === null ? "–" : String(value));
