/** The fields of a form: what a visitor gives to a call. */

import { element } from "./dom.js";
import { inWords, sample, say } from "./language.js";
import { pictureField } from "./picture-field.js";

let made = 0;

/**
 * A form's fields. Each is described by `{ name, kind, label, value }`, where `kind` is one of the
 * readers below; `hint` says more, and other members are attributes of the field.
 */
export function makeFields(descriptions) {
  const fields = descriptions.map((description) => ({ name: description.name, ...makeField(description) }));
  return {
    elements: fields.map(({ row }) => row),
    /** What is in them, by name. A field that holds nonsense says so to the visitor and throws. */
    values: () => Object.fromEntries(fields.map(({ name, read }) => [name, read()])),
  };
}

function makeField({ kind = "text", name, label, value, hint, options, groups, ...attributes }) {
  if (kind === "picture") return pictureField(label);
  const { tag, type, read } = KINDS[kind];
  const id = `field-${(made += 1)}`;
  const described = hint === undefined ? undefined : `${id}-hint`;
  const field = element(tag, { id, name, type, "aria-describedby": described, ...attributes });
  if (kind === "code") field.spellcheck = false;
  if (kind === "check") field.checked = value;
  else if (groups !== undefined) field.append(...Object.entries(groups).map(([name, keys]) => group(name, keys, value)));
  else if (kind === "choice") field.append(...Object.entries(options).map(([key, text]) => option(key, text, value)));
  else if (value !== undefined) sample(field, typeof value === "number" ? String(value) : value);
  const title = element("label", { for: id, text: label });
  const note = hint === undefined ? undefined : element("p", { id: described, class: "hint", text: hint });
  const row = element("div", { class: `field ${kind}` }, ...(kind === "check" ? [field, title] : [title, field]), note);
  field.addEventListener("input", () => field.setCustomValidity(""));
  return { row, read: () => checked(field, read) };
}

function group(name, keys, chosen) {
  const made = element("optgroup", {}, ...keys.map((key) => option(key, key, chosen)));
  made.label = name;
  return made;
}

function option(key, text, chosen) {
  const made = element("option", { value: key });
  say(made, text);
  made.selected = key === chosen;
  return made;
}

function checked(field, read) {
  try {
    return read(field);
  } catch (error) {
    field.setCustomValidity(inWords(error.said ?? { en: error.message, zh: error.message }));
    throw error;
  }
}

/** An error that is said in both languages. */
function wrong(en, zh) {
  return Object.assign(new Error(en), { said: { en, zh } });
}

const KINDS = {
  text: { tag: "input", type: "text", read: ({ value }) => value },
  area: { tag: "textarea", read: ({ value }) => value },
  /** Empty is none, for the service's default. */
  number: { tag: "input", type: "number", read: ({ value }) => (value === "" ? undefined : Number(value)) },
  check: { tag: "input", type: "checkbox", read: ({ checked }) => checked },
  choice: { tag: "select", read: ({ value }) => value },
  code: { tag: "textarea", read: ({ value }) => parsed(value) },
  numbers: { tag: "textarea", read: ({ value }) => numbers(value) },
  lines: { tag: "textarea", read: ({ value }) => value.split("\n").filter((line) => line.trim() !== "") },
};

/** JSON; nothing, if there is none. */
function parsed(text) {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(`This is not JSON: ${error.message}`, `不是有效的 JSON：${error.message}`);
  }
}

function numbers(text) {
  const parts = text.split(/[\s,，]+/).filter((part) => part !== "");
  const strange = parts.find((part) => !Number.isFinite(Number(part)));
  if (strange !== undefined) throw wrong(`“${strange}” is not a number.`, `“${strange}” 不是数字。`);
  return parts.map(Number);
}
