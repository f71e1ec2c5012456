/** Writes values as JavaScript and as JSON, for people to read. */

const WIDTH = 64;
/** A longer text is cut in what is only to be looked at. */
const LONGEST = 400;

/**
 * A value as JavaScript source. Members without a value are left out, as JSON does; a value that the
 * code has a name for (a file, a long table) is written by that name. `after` is what stands before it on
 * its line.
 */
export function javascript(value, { names = new Map(), indent = "", after = "" } = {}) {
  const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
  return written(value, { key, names, cut: (text) => text, last: ",", after }, indent);
}

/** A value as JSON, long texts in it cut. */
export function json(value) {
  const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length})` : text);
  return written(value, { key: (name) => JSON.stringify(name), names: new Map(), cut, last: "", after: "" }, "");
}

function written(value, style, indent) {
  if (style.names.has(value)) return style.names.get(value);
  if (typeof value === "string") return JSON.stringify(style.cut(value));
  if (typeof value !== "object" || value === null) return String(value);
  const deeper = `${indent}  `;
  const inner = { ...style, after: "" };
  const parts = Array.isArray(value)
    ? value.map((item) => written(item, inner, deeper))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => shorthand(name, written(member, inner, deeper), style));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (parts.length === 0) return open + close;
  const pad = Array.isArray(value) ? "" : " ";
  const line = open + pad + parts.join(", ") + pad + close;
  if (line.length + indent.length + style.after.length <= WIDTH && !line.includes("\n")) return line;
  const lines =
    Array.isArray(value) && value.every((item) => typeof item === "number") ? filled(parts, WIDTH - deeper.length) : parts;
  return `${open}\n${lines.map((part) => deeper + part).join(",\n")}${style.last}\n${indent}${close}`;
}

function shorthand(name, text, style) {
  const key = style.key(name);
  return key === text ? key : `${key}: ${text}`;
}

/** Numbers, as many on a line as it holds. */
function filled(parts, width) {
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length + 2 > width) lines.push(part);
    else lines[lines.length - 1] = `${last}, ${part}`;
  }
  return lines;
}
